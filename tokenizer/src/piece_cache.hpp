// SPDX-License-Identifier: Apache-2.0
//
// Pieces that were encoded before, for one thread: a direct-mapped table of short pieces with few
// tokens, which are nearly all pieces of ordinary text. A newcomer replaces what stood in its slot,
// so memory is bounded.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"
#include "models/byte_hash.hpp"
#include "models/vocabulary.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

class PieceCache {
 public:
  static constexpr std::size_t kMaxBytes = 15;
  static constexpr std::size_t kMaxTokens = 4;
  using Ids = std::array<TokenId, kMaxTokens>;  ///< kNoToken behind the last one

  /// 15 bytes and their number in two words: equal keys, equal pieces.
  struct Key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    friend bool operator==(const Key&, const Key&) = default;
  };

  struct Slot {
    Key key;  ///< zero: empty, since a piece has at least one byte
    Ids ids{};
  };

  PieceCache() : slots_(kSlots) {}

  /// The key of bytes [at, at + n) of `text`, 1 <= n <= kMaxBytes.
  [[nodiscard]] static Key key_of(std::string_view text, std::size_t at, std::size_t n) noexcept {
    Key key;
    if (text.size() - at >= sizeof key) {
      std::memcpy(&key, text.data() + at, sizeof key);
      const std::uint64_t all = ~std::uint64_t{0};
      key.low &= n >= 8 ? all : all >> (64 - 8 * n);
      key.high &= n <= 8 ? 0 : all >> (64 - 8 * (n - 8));
    } else {
      std::memcpy(&key, text.data() + at, n);
    }
    key.high |= std::uint64_t{n} << 56U;
    return key;
  }

  [[nodiscard]] Slot& slot_for(const Key& key) noexcept {
    return slots_[hash_words(key.low, key.high) % kSlots];
  }

 private:
  static constexpr std::size_t kSlots = std::size_t{1}
                                        << 15U;  // 1 MiB: stays in the second-level cache
  std::vector<Slot> slots_;
};

static_assert(sizeof(PieceCache::Slot) == 32);
static_assert(std::endian::native == std::endian::little,
              "the masks of key_of count bytes from the low end");

}  // namespace hfauth::tokenizer
