// SPDX-License-Identifier: Apache-2.0
//
// Pieces whose tokens are known with their places, for one thread: PieceCache for full encodings.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"
#include "piece_cache.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hfauth::tokenizer {

class TokenCache {
 public:
  static constexpr std::size_t kMaxTokens = 4;

  struct Slot {
    PieceCache::Key key;  ///< zero: empty
    std::array<TokenId, kMaxTokens> ids{};
    std::array<std::uint8_t, kMaxTokens> ends{};  ///< bytes of the piece
    std::uint8_t n = 0;
  };

  /// `n_slots` is a power of two.
  explicit TokenCache(std::size_t n_slots) : slots_(n_slots) {}

  [[nodiscard]] Slot& slot_for(const PieceCache::Key& key) noexcept {
    return slots_[hash_words(key.low, key.high) & (slots_.size() - 1)];
  }

 private:
  std::vector<Slot> slots_;
};

}  // namespace hfauth::tokenizer
