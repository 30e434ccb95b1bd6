// SPDX-License-Identifier: Apache-2.0
//
// A fast hash of short byte strings and of integers for the tables of this library:
// multiply-and-fold over eight bytes at a time, after wyhash (public domain, Wang Yi). Not for
// untrusted keys that must not collide: a hostile vocabulary can make its own tables slow, nothing
// else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hfauth::tokenizer {

[[nodiscard]] inline std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

inline constexpr std::uint64_t kHashFactor1 = 0xA0761D6478BD642FULL;
inline constexpr std::uint64_t kHashFactor2 = 0xE7037ED1A0B428DBULL;

[[nodiscard]] inline std::uint64_t hash_words(std::uint64_t a, std::uint64_t b) noexcept {
  return fold_multiply(a ^ kHashFactor1, b ^ kHashFactor2);
}

[[nodiscard]] inline std::uint64_t hash_bytes(std::string_view bytes) noexcept {
  std::uint64_t state = bytes.size() * kHashFactor2;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t word = 0;
  for (; left >= sizeof word; at += sizeof word, left -= sizeof word) {
    std::memcpy(&word, at, sizeof word);
    state = fold_multiply(state ^ word, kHashFactor1);
  }
  word = 0;
  if (left > 0) std::memcpy(&word, at, left);
  return hash_words(state, word);
}

}  // namespace hfauth::tokenizer
