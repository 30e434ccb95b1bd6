// SPDX-License-Identifier: Apache-2.0
//
// Slices of pieces and the way back to the original text.
#include "piece.hpp"

#include "unicode/utf8.hpp"

#include <utility>

namespace hfauth::tokenizer {

Piece Piece::slice(ByteRange range) const {
  Piece part = *this;
  part.text = text.substr(range.begin, range.end - range.begin);
  if (alignment == nullptr) {
    part.origin = origin + range.begin;
  } else {
    part.alignment = alignment + range.begin;
  }
  return part;
}

ByteRange Piece::original_range(std::uint32_t begin, std::uint32_t end) const {
  if (alignment != nullptr) return {alignment[begin].begin, alignment[end - 1].end};
  while (begin > 0 && unicode::is_continuation(text[begin]))
    --begin;
  while (end < text.size() && unicode::is_continuation(text[end]))
    ++end;
  return {origin + begin, origin + end};
}

Piece PieceList::keep(std::string text, std::vector<ByteRange> alignment) {
  texts.push_back(std::move(text));
  alignments.push_back(std::move(alignment));
  return {.text = texts.back(), .origin = 0, .alignment = alignments.back().data()};
}

Piece PieceList::keep_in_place(std::string text, std::uint32_t origin) {
  texts.push_back(std::move(text));
  return {.text = texts.back(), .origin = origin};
}

}  // namespace hfauth::tokenizer
