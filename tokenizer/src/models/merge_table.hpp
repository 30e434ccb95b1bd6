// SPDX-License-Identifier: Apache-2.0
//
// The merges of a BPE model: pair of ids to rank and resulting id, in one flat open-addressing
// table. Built once, then immutable.
#pragma once

#include "models/byte_hash.hpp"
#include "models/huge_pages.hpp"
#include "models/vocabulary.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace hfauth::tokenizer {

class MergeTable {
 public:
  /// rank << 32 | new id: the smaller, the earlier. kNone if the pair does not merge.
  using Merge = std::uint64_t;
  static constexpr Merge kNone = ~Merge{0};

  /// Makes an empty table for up to `n_merges` pairs, to be filled by set.
  explicit MergeTable(std::size_t n_merges = 0)
      : slots_(std::bit_ceil(n_merges + n_merges / 2 + 2)), mask_(slots_.size() - 1) {}

  /// Enters a merge; a pair that is there already keeps this later rank (tokenizers 0.23,
  /// bpe/model.rs: merges are collected into a map).
  void set(TokenId left, TokenId right, std::uint32_t rank, TokenId new_id) noexcept {
    Slot& slot = slots_[slot_of(left, right)];
    slot = {key_of(left, right), (Merge{rank} << 32U) | new_id};
  }

  /// Announces a set or find of this pair.
  void prefetch(TokenId left, TokenId right) const noexcept {
    __builtin_prefetch(&slots_[hash_words(key_of(left, right), 0) & mask_]);
  }

  [[nodiscard]] Merge find(TokenId left, TokenId right) const noexcept {
    return slots_[slot_of(left, right)].merge;
  }

  /// Calls `visit(left, right)` for each pair that merges.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Slot& slot : slots_) {
      if (slot.merge != kNone)
        visit(static_cast<TokenId>(slot.key >> 32U), static_cast<TokenId>(slot.key));
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Merge merge = kNone;
  };

  static std::uint64_t key_of(TokenId left, TokenId right) noexcept {
    return (std::uint64_t{left} << 32U) | right;
  }

  [[nodiscard]] std::size_t slot_of(TokenId left, TokenId right) const noexcept {
    const std::uint64_t key = key_of(left, right);
    std::size_t at = hash_words(key, 0) & mask_;
    while (slots_[at].merge != kNone && slots_[at].key != key)
      at = (at + 1) & mask_;
    return at;
  }

  LargeTable<Slot> slots_;
  std::size_t mask_;
};

}  // namespace hfauth::tokenizer
