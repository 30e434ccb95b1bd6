// SPDX-License-Identifier: Apache-2.0
//
// Byte offsets of a text to code point offsets: a running count each 64 bytes, the rest is counted
// on demand, so building is one pass and a look-up touches at most one cache line of the text.
#pragma once

#include "piece.hpp"
#include "unicode/utf8.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer::unicode {

class CodePointIndex {
 public:
  /// `text` is valid UTF-8 below 4 GiB and must outlive the index.
  explicit CodePointIndex(std::string_view text) : text_(text) {
    counts_.reserve(text.size() / kStride + 1);
    std::size_t count = 0;
    for (std::size_t at = 0; at <= text.size(); at += kStride) {
      counts_.push_back(static_cast<std::uint32_t>(count));
      count += count_code_points(text.substr(at, kStride));
    }
  }

  /// How many code points begin before byte `offset` <= text.size().
  [[nodiscard]] std::uint32_t at(std::size_t offset) const noexcept {
    const std::size_t block = offset / kStride;
    const std::string_view rest = text_.substr(block * kStride, offset % kStride);
    return counts_[block] + static_cast<std::uint32_t>(count_code_points(rest));
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
  std::string_view text_;
  std::vector<std::uint32_t> counts_;
};

}  // namespace hfauth::tokenizer::unicode
