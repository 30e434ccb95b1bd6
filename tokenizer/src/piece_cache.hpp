// SPDX-License-Identifier: Apache-2.0
//
// Pieces that were encoded before, for one thread: a direct-mapped table of short pieces with few
// tokens, which are nearly all pieces of ordinary text. A newcomer replaces what stood in its slot.
// The table begins with 1 MiB, which stays in the second-level cache of a processor. Where a piece
// that is not in it costs far more than a slot that is far, it grows to 4 MiB for whoever has many
// texts.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"
#include "models/byte_hash.hpp"
#include "models/huge_pages.hpp"
#include "models/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace hfauth::tokenizer {

class PieceCache {
 public:
  static constexpr std::size_t kMaxBytes = 15;
  static constexpr std::size_t kMaxTokens = 4;
  /// A text below this does not earn the making of a cache, 1 MiB to be cleared, if no other
  /// follows.
  static constexpr std::size_t kWorthwhile = std::size_t{16} * 1024;
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

  explicit PieceCache(bool grows)
      : slots_(kFirstSlots), most_slots_(grows ? 4 * kFirstSlots : kFirstSlots) {}

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

  /// Valid until the next put.
  [[nodiscard]] const Slot& slot_for(const Key& key) const noexcept {
    return slots_[place_of(key)];
  }

  /// Keeps the ids of a piece, if they are few enough.
  void put(const Key& key, std::span<const TokenId> ids) {
    if (ids.size() > kMaxTokens) return;
    if (++n_puts_ == slots_.size() && slots_.size() < most_slots_) grow();
    Slot& slot = slots_[place_of(key)];
    slot.key = key;
    slot.ids.fill(kNoToken);
    std::copy(ids.begin(), ids.end(), slot.ids.begin());
  }

 private:
  static constexpr std::size_t kFirstSlots = std::size_t{1} << 15U;

  [[nodiscard]] std::size_t place_of(const Key& key) const noexcept {
    return hash_words(key.low, key.high) & (slots_.size() - 1);
  }

  void grow() {
    const LargeTable<Slot> old = std::exchange(slots_, LargeTable<Slot>(most_slots_));
    for (const Slot& slot : old)
      if (slot.key != Key{}) slots_[place_of(slot.key)] = slot;
  }

  LargeTable<Slot> slots_;
  std::size_t most_slots_;
  std::size_t n_puts_ = 0;
};

static_assert(sizeof(PieceCache::Slot) == 32);
static_assert(std::endian::native == std::endian::little,
              "the masks of key_of count bytes from the low end");

}  // namespace hfauth::tokenizer
