// SPDX-License-Identifier: Apache-2.0
//
// Between which characters the merges of a BPE can join anything: (last character of a left side,
// first character of a right side) of every merge. Where two neighbours of a text are not in the
// table, no token ever crosses, and what is left and right of them can be encoded apart: merges are
// local, and the rank of one says nothing about another that it does not touch. SentencePiece's
// mark U+2581 and U+0020, in place of which it stands, count as one character here. Built once,
// then immutable.
#pragma once

#include "models/byte_hash.hpp"
#include "unicode/utf8.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

class Bpe;

class JoinTable {
 public:
  static constexpr std::string_view kMark = "\u2581";

  /// nullopt if texts of this model cannot be taken apart: a character may vanish or grow into an
  /// unknown token, or merges look at more than spellings.
  [[nodiscard]] static std::optional<JoinTable> of(const Bpe& model);

  /// Where the part of `text` that begins at `at` can be cut off; with `splits` also in front of
  /// each mark. The text has marks or spaces, not both.
  [[nodiscard]] std::size_t part_end(std::string_view text, std::size_t at, bool splits) const {
    unicode::Decoded last = marked_at(text, at);
    at += last.n_bytes;
    while (at < text.size()) {
      const unicode::Decoded next = marked_at(text, at);
      if (!joins(last.code_point, next.code_point) || (splits && next.code_point == U' ')) break;
      last = next;
      at += next.n_bytes;
    }
    return at;
  }

 private:
  [[nodiscard]] static char32_t marked(char32_t c) noexcept { return c == 0x2581 ? U' ' : c; }

  [[nodiscard]] static unicode::Decoded marked_at(std::string_view text, std::size_t at) noexcept {
    const unicode::Decoded next = unicode::decode_at(text, at);
    return {marked(next.code_point), next.n_bytes};
  }

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
