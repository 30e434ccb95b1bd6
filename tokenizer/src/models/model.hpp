// SPDX-License-Identifier: Apache-2.0
//
// The model of a tokenizer, whichever kind it is: pieces of text to tokens. Immutable; the working
// memory is the caller's, one for each thread.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "models/bpe.hpp"
#include "models/sentence_piece.hpp"
#include "models/unigram.hpp"
#include "models/word_level.hpp"
#include "models/word_piece.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hfauth::tokenizer {

struct ModelWorkspace {
  BpeWorkspace bpe;
  UnigramWorkspace unigram;
  SentencePieceWorkspace sentence_piece;
  std::string spelling;
  std::vector<ModelToken> tokens;  ///< the result of the last tokenize
};

class Model {
 public:
  using Kind = std::variant<Bpe, WordPiece, WordLevel, Unigram, SentencePiece>;

  explicit Model(Kind kind) : kind_(std::move(kind)) {}

  /// Puts the tokens of a piece into workspace.tokens. With `byte_level`, each byte of `piece`
  /// stands for its character of the byte-level alphabet, and places count in that spelling.
  /// Errors: corrupt if the unknown token is needed and missing.
  [[nodiscard]] Result<void> tokenize(std::string_view piece, bool byte_level,
                                      ModelWorkspace& workspace) const;

  /// The model if it is a BPE, which has a faster way; else nullptr.
  [[nodiscard]] const Bpe* as_bpe() const noexcept { return std::get_if<Bpe>(&kind_); }

  /// Likewise.
  [[nodiscard]] const WordPiece* as_word_piece() const noexcept {
    return std::get_if<WordPiece>(&kind_);
  }

  [[nodiscard]] const Unigram* as_unigram() const noexcept { return std::get_if<Unigram>(&kind_); }

  [[nodiscard]] const Vocabulary& vocabulary() const noexcept {
    return std::visit([](const auto& model) -> const Vocabulary& { return model.vocabulary(); },
                      kind_);
  }

 private:
  Kind kind_;
};

}  // namespace hfauth::tokenizer
