// SPDX-License-Identifier: Apache-2.0
//
// What a SentencePiece model (sentencepiece_model.proto, version 0.2) says, as plain values. Fields
// that only training reads are passed over.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "models/sentence_piece.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct SentencePieceFile {
  using Piece = SentencePiece::Piece;

  enum class Kind : std::uint8_t { unigram = 1, bpe = 2, word = 3, character = 4 };

  std::vector<Piece> pieces;  ///< the place is the id
  Kind kind = Kind::unigram;
  bool byte_fallback = false;
  bool treat_whitespace_as_suffix = false;
  std::string unk_surface = " \u2047 ";
  std::string_view charsmap;
  std::string_view denormalizer_charsmap;
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool escape_whitespaces = true;
};

/// Reads the message; `bytes` must outlive the result. Errors: corrupt (not such a message, a piece
/// that is empty, not UTF-8 or there twice, a score that is no number).
[[nodiscard]] Result<SentencePieceFile> read_sentence_piece_file(std::string_view bytes);

/// Whether `bytes` begin as such a message does, with a piece; ranks of tiktoken, which go by the
/// same file name, do not.
[[nodiscard]] bool looks_like_sentence_piece(std::string_view bytes);

}  // namespace hfauth::tokenizer
