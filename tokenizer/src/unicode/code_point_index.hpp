// SPDX-License-Identifier: Apache-2.0
//
// Byte offsets of a text to code point offsets: for each 64 bytes a running count and a bit for
// each byte that begins a character, so a look-up counts the bits of one word.
#pragma once

#include "piece.hpp"
#include "unicode/utf8.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer::unicode {

class CodePointIndex {
 public:
  /// `text` is valid UTF-8 below 4 GiB and must outlive the index.
  explicit CodePointIndex(std::string_view text) : text_(text) {
    blocks_.reserve(text.size() / kStride + 1);
    std::size_t count = 0;
    for (std::size_t at = 0; at <= text.size(); at += kStride) {
      const std::uint64_t starts = starts_of(text.substr(at, kStride));
      blocks_.push_back({starts, static_cast<std::uint32_t>(count)});
      count += static_cast<std::size_t>(std::popcount(starts));
    }
    is_ascii_ = count == text.size();
  }

  /// How many code points begin before byte `offset` <= text.size().
  [[nodiscard]] std::uint32_t at(std::size_t offset) const noexcept {
    if (is_ascii_) return static_cast<std::uint32_t>(offset);
    const Block& block = blocks_[offset / kStride];
    const std::uint64_t before = (std::uint64_t{1} << offset % kStride) - 1;
    return block.count + static_cast<std::uint32_t>(std::popcount(block.starts & before));
  }

  /// The range in code points of bytes that may lie behind the end of the text: the nearest, or the
  /// bytes themselves if even the first does (tokenizers 0.23, BytesToCharOffsetConverter).
  [[nodiscard]] CodePointRange closest(ByteRange range) const noexcept {
    const auto containing = [this](std::uint32_t byte) { return at(byte + std::size_t{1}) - 1; };
    if (range.begin >= text_.size()) return {range.begin, range.end};
    const std::uint32_t begin = containing(range.begin);
    if (range.end < text_.size()) return {begin, containing(range.end)};
    const bool last_inside = range.end - 1 < text_.size();
    return {begin, (last_inside ? containing(range.end - 1) : begin + 1) + 1};
  }

 private:
  static constexpr std::size_t kStride = 64;

  struct Block {
    std::uint64_t starts;
    std::uint32_t count;  ///< of the characters before it
  };

  /// A bit for each of up to 64 bytes, the first one lowest.
  [[nodiscard]] static std::uint64_t starts_of(std::string_view bytes) noexcept {
    std::uint64_t starts = 0;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof word);
      // The low bit of each byte that is no continuation, gathered by a product.
      const std::uint64_t lows = (~(word >> 7U) | word >> 6U) & 0x0101010101010101ULL;
      starts |= lows * 0x0102040810204080ULL >> 56U << at;
    }
    for (; at < bytes.size(); ++at)
      starts |= std::uint64_t{is_continuation(bytes[at]) ? 0U : 1U} << at;
    return starts;
  }

  std::string_view text_;
  std::vector<Block> blocks_;
  bool is_ascii_ = false;
};

}  // namespace hfauth::tokenizer::unicode
