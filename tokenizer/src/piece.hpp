// SPDX-License-Identifier: Apache-2.0
//
// A piece of the text on its way from the added tokens through the pre-tokenizers to the model,
// with the knowledge of where it came from. Pieces are views: into the caller's text, or into the
// PieceList that they stand in, which keeps what was rewritten alive.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

/// A half-open range of bytes. Texts of 4 GiB and more are refused at the door, so 32 bits suffice.
struct ByteRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct Piece {
  std::string_view text;  ///< valid UTF-8
  std::uint32_t origin =
      0;  ///< where `text` begins in the original, if no character moved (no alignment)
  const ByteRange* alignment =
      nullptr;  ///< for each byte of `text` its whole character in the original
  bool byte_level =
      false;  ///< every byte of `text` stands for one character of the byte-level alphabet
  std::optional<TokenId> added =
      std::nullopt;  ///< a found added token: finished, not for the model

  /// The piece of `range` of this one.
  [[nodiscard]] Piece slice(ByteRange range) const;
  /// Where bytes [begin, end) of `text`, not empty, came from, widened to whole characters.
  [[nodiscard]] ByteRange original_range(std::uint32_t begin, std::uint32_t end) const;
};

struct PieceList {
  std::vector<Piece> pieces;
  std::deque<std::string> texts;                  ///< stable homes of rewritten texts
  std::deque<std::vector<ByteRange>> alignments;  ///< and of their alignments

  /// Forgets everything, for the next text; without an allocation.
  void clear() noexcept {
    pieces.clear();
    texts.clear();
    alignments.clear();
  }

  /// Keeps a rewritten text and returns the piece for it; `alignment` has one entry for each byte.
  [[nodiscard]] Piece keep(std::string text, std::vector<ByteRange> alignment);

  /// Keeps a text of which every character stands where one of as many bytes stood in the original,
  /// from byte `origin` on.
  [[nodiscard]] Piece keep_in_place(std::string text, std::uint32_t origin);
};

}  // namespace hfauth::tokenizer
