// SPDX-License-Identifier: Apache-2.0
//
// Between which characters the merges of a BPE can join anything: (last character of a left side,
// first character of a right side) of every merge. Where two neighbours of a text are not in the
// table, no token ever crosses, and what is left and right of them can be encoded apart. Built
// once, then immutable.
#pragma once

#include "models/byte_hash.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hfauth::tokenizer {

class JoinTable {
 public:
  void add(char32_t last, char32_t first) {
    if (last < kAscii && first < kAscii) {
      ascii_[last][first / 64] |= std::uint64_t{1} << first % 64;
      return;
    }
    if (2 * (n_ + 1) > slots_.size()) grow();
    std::uint64_t& slot = slots_[slot_of(slots_, key_of(last, first))];
    n_ += slot == 0 ? 1 : 0;
    slot = key_of(last, first);
  }

  [[nodiscard]] bool joins(char32_t last, char32_t first) const noexcept {
    if (last < kAscii && first < kAscii) return (ascii_[last][first / 64] >> first % 64 & 1U) != 0;
    return !slots_.empty() && slots_[slot_of(slots_, key_of(last, first))] != 0;
  }

 private:
  static constexpr char32_t kAscii = 128;

  static std::uint64_t key_of(char32_t last, char32_t first) noexcept {
    return (std::uint64_t{last} << 32U | first) + 1;
  }

  static std::size_t slot_of(const std::vector<std::uint64_t>& slots, std::uint64_t key) noexcept {
    std::size_t at = hash_words(key, 0) & (slots.size() - 1);
    while (slots[at] != 0 && slots[at] != key)
      at = (at + 1) & (slots.size() - 1);
    return at;
  }

  void grow() {
    std::vector<std::uint64_t> larger(slots_.empty() ? 1024 : 2 * slots_.size());
    for (const std::uint64_t key : slots_) {
      if (key != 0) larger[slot_of(larger, key)] = key;
    }
    slots_ = std::move(larger);
  }

  std::array<std::array<std::uint64_t, 2>, kAscii> ascii_{};
  std::vector<std::uint64_t> slots_;  ///< open addressing; 0: empty
  std::size_t n_ = 0;
};

}  // namespace hfauth::tokenizer
