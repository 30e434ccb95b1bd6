// SPDX-License-Identifier: Apache-2.0
//
// Unigram: of all ways to cut a piece into tokens the one with the highest sum of scores.
#pragma once

#include "models/model_token.hpp"
#include "models/token_trie.hpp"
#include "models/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct UnigramWorkspace {
  /// The best way that ends at a byte of the piece.
  struct Node {
    double score = 0;
    std::uint32_t begin = 0;
    TokenId id = kNoToken;  ///< none: no way ends here
  };

  struct Span {
    std::uint32_t begin;
    std::uint32_t end;
    TokenId id;
  };

  std::vector<Node> nodes;
  std::vector<Span> spans;  ///< of the best way, from the right
};

class Unigram {
 public:
  /// `vocabulary` is indexed and has an id for each of `scores`. `unk_id` is one of them.
  Unigram(Vocabulary vocabulary, std::vector<double> scores, std::optional<TokenId> unk_id,
          bool byte_fallback);

  /// Appends the tokens of `piece`. Neighbouring unknown characters make one token, whose text is
  /// theirs; with byte fallback it becomes a token for each byte if there are such. False if an
  /// unknown token is needed and there is none. O(n * longest token).
  [[nodiscard]] bool tokenize(std::string_view piece, UnigramWorkspace& workspace,
                              std::vector<ModelToken>& tokens) const;

  [[nodiscard]] const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

 private:
  [[nodiscard]] bool find_best_ways(std::string_view piece,
                                    std::vector<UnigramWorkspace::Node>& nodes) const;
  [[nodiscard]] bool push(std::string_view piece, const UnigramWorkspace::Span& span,
                          std::vector<ModelToken>& tokens) const;
  [[nodiscard]] bool push_bytes(std::string_view text, const UnigramWorkspace::Span& span,
                                std::vector<ModelToken>& tokens) const;

  Vocabulary vocabulary_;
  TokenTrie trie_;
  std::vector<double> scores_;  ///< by id
  TokenId unk_id_;
  double unk_score_;
  bool byte_fallback_;
  std::array<TokenId, 256> byte_tokens_{};
};

}  // namespace hfauth::tokenizer
