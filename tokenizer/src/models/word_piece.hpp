// SPDX-License-Identifier: Apache-2.0
//
// WordPiece: from the left, always the longest token that fits; what follows the first one is
// spelled with a prefix. A piece that cannot be covered is unknown as a whole.
#pragma once

#include "models/model_token.hpp"
#include "models/token_trie.hpp"
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

/// The vocabulary for texts that are worth building it.
struct WordPieceTrie {
  TokenTrie tokens;
  TokenTrie::Node continuing = TokenTrie::kNone;  ///< behind the prefix of all but the first token
};

class WordPiece {
 public:
  /// `vocabulary` is indexed.
  WordPiece(Vocabulary vocabulary, WordPieceOptions options);

  /// Appends the tokens of `piece`. False if it is unknown and the vocabulary lacks the unknown
  /// token. With `trie`, which make_trie made, O(n) but for what is looked at twice.
  [[nodiscard]] bool tokenize(std::string_view piece, std::vector<ModelToken>& tokens,
                              const WordPieceTrie* trie = nullptr) const;

  [[nodiscard]] WordPieceTrie make_trie() const;

  [[nodiscard]] const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

 private:
  struct Found;
  [[nodiscard]] Found longest_by_hash(std::string_view piece, std::size_t begin) const;
  [[nodiscard]] static Found longest_by_trie(std::string_view piece, std::size_t begin,
                                             const WordPieceTrie& trie);
  [[nodiscard]] bool cover(std::string_view piece, const WordPieceTrie* trie,
                           std::vector<ModelToken>& tokens) const;

  Vocabulary vocabulary_;
  WordPieceOptions options_;
  TokenId unk_id_;
};

}  // namespace hfauth::tokenizer
