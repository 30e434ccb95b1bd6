// SPDX-License-Identifier: Apache-2.0
//
// WordPiece: from the left, always the longest token that fits; what follows the first one is
// spelled with a prefix. A piece that cannot be covered is unknown as a whole.
#pragma once

#include "models/model_token.hpp"
#include "models/vocabulary.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct WordPieceOptions {
  std::string unk_token = "[UNK]";
  std::string continuing_prefix = "##";
  std::size_t max_characters = 100;  ///< a longer piece is unknown
};

class WordPiece {
 public:
  /// `vocabulary` is indexed.
  WordPiece(Vocabulary vocabulary, WordPieceOptions options);

  /// Appends the tokens of `piece`. False if it is unknown and the vocabulary lacks the unknown
  /// token. O(n * longest token).
  [[nodiscard]] bool tokenize(std::string_view piece, std::vector<ModelToken>& tokens) const;

  [[nodiscard]] const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

 private:
  [[nodiscard]] bool cover(std::string_view piece, std::vector<ModelToken>& tokens) const;

  Vocabulary vocabulary_;
  WordPieceOptions options_;
  TokenId unk_id_;
};

}  // namespace hfauth::tokenizer
