// SPDX-License-Identifier: Apache-2.0
//
// The order of things follows tokenizers 0.23, tokenizer/added_vocabulary.rs,
// extract_and_normalize: each stretch between raw added tokens is normalized on its own.
#include "cut.hpp"

namespace hfauth::tokenizer {

Result<Piece> normalized_piece(const TokenizerParts& parts, const Piece& raw, PieceList& home) {
  if (parts.normalizer == nullptr) return raw;
  NormalizedText text(raw);
  if (const Result<void> applied = parts.normalizer->apply(text); !applied) return applied.error();
  return text.release(home);
}

Result<void> cut_into_stretches(const TokenizerParts& parts, std::string_view text, PieceList& home,
                                std::vector<Piece>& out) {
  if (parts.normalizer == nullptr && !parts.added.looks_in_normalized()) {
    parts.added.split_raw(text, out);
    return {};
  }
  std::vector<Piece> raw;
  parts.added.split_raw(text, raw);
  for (const Piece& stretch : raw) {
    if (stretch.added) {
      out.push_back(stretch);
      continue;
    }
    const Result<Piece> normalized = normalized_piece(parts, stretch, home);
    if (!normalized) return normalized.error();
    parts.added.split_normalized(*normalized, out);
  }
  return {};
}

Result<void> cut_stretch(const TokenizerParts& parts, const Piece& stretch, PieceList& out) {
  if (stretch.added || parts.pre_tokenizer == nullptr) {
    out.pieces.push_back(stretch);
    return {};
  }
  return parts.pre_tokenizer->cut(stretch, out);
}

}  // namespace hfauth::tokenizer
