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

/// Up to eight bytes as a word that no others of the same number give, by loads of fixed sizes.
[[nodiscard]] inline std::uint64_t last_word(const char* at, std::size_t n) noexcept {
  std::uint64_t word = 0;
  if (n == sizeof word) {
    std::memcpy(&word, at, sizeof word);
  } else if (n >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, at, sizeof first);
    std::memcpy(&last, at + n - sizeof last, sizeof last);
    word = std::uint64_t{last} << 32U | first;
  } else if (n > 0) {
    const auto byte = [at](std::size_t i) {
      return std::uint64_t{static_cast<unsigned char>(at[i])};
    };
    word = byte(0) | byte(n / 2) << 8U | byte(n - 1) << 16U;
  }
  return word;
}

[[nodiscard]] inline std::uint64_t hash_bytes(std::string_view bytes) noexcept {
  std::uint64_t state = bytes.size() * kHashFactor2;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t word = 0;
  for (; left > sizeof word; at += sizeof word, left -= sizeof word) {
    std::memcpy(&word, at, sizeof word);
    state = fold_multiply(state ^ word, kHashFactor1);
  }
  return hash_words(state, last_word(at, left));
}

}  // namespace hfauth::tokenizer
