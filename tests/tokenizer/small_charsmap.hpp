// SPDX-License-Identifier: Apache-2.0
//
// The smallest charsmap of a Precompiled normalizer that replaces and drops, for tests and fuzzers.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace hfauth::tokenizer {

/// A double array of two keys, "a" for "xy" and "b" for nothing, laid out by hand.
inline std::string small_charsmap() {
  std::array<std::uint32_t, 256> units{};
  const auto key = [&units](std::uint32_t byte, std::uint32_t leaf, std::uint32_t value) {
    constexpr std::uint32_t kHasLeaf = 1U << 8U;
    constexpr std::uint32_t kIsLeaf = 1U << 31U;
    units[byte] = byte | kHasLeaf | ((byte ^ leaf) << 10U);
    units[leaf] = kIsLeaf | value;
  };
  key('a', 0x10, 0);
  key('b', 0x11, 3);
  std::string bytes(4 + sizeof units, '\0');
  const auto size = static_cast<std::uint32_t>(sizeof units);
  std::memcpy(bytes.data(), &size, sizeof size);
  std::memcpy(bytes.data() + 4, units.data(), sizeof units);
  return bytes + std::string("xy\0\0", 4);
}

}  // namespace hfauth::tokenizer
