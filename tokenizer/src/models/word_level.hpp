// SPDX-License-Identifier: Apache-2.0
//
// WordLevel: a piece is a token as a whole, or unknown.
#pragma once

#include "models/model_token.hpp"
#include "models/vocabulary.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

class WordLevel {
 public:
  /// `vocabulary` is indexed.
  WordLevel(Vocabulary vocabulary, std::string_view unk_token);

  /// Appends the token of `piece`. False if it is unknown and the vocabulary lacks the unknown
  /// token.
  [[nodiscard]] bool tokenize(std::string_view piece, std::vector<ModelToken>& tokens) const;

  [[nodiscard]] const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

 private:
  Vocabulary vocabulary_;
  TokenId unk_id_;
};

}  // namespace hfauth::tokenizer
