// SPDX-License-Identifier: Apache-2.0
//
// The two models of SentencePiece as that library runs them on its own files, which is not quite
// what Hugging Face tokenizers makes of a converted one: scores are single precision, a pair merges
// by what it spells and not by a list, user-defined symbols never merge, unused pieces are taken
// apart again. Immutable; the working memory is the caller's.
#pragma once

#include "models/model_token.hpp"
#include "models/token_trie.hpp"
#include "models/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hfauth::tokenizer {

/// The numbers are those of the file.
enum class SentencePieceType : std::uint8_t {
  normal = 1,
  unknown = 2,
  control = 3,
  user_defined = 4,
  unused = 5,
  byte = 6,
};

/// Whether the model itself may give the piece.
[[nodiscard]] constexpr bool is_mergeable(SentencePieceType type) noexcept {
  return type == SentencePieceType::normal || type == SentencePieceType::user_defined ||
         type == SentencePieceType::unused;
}

struct SentencePieceWorkspace {
  struct Symbol {
    std::int32_t previous;
    std::int32_t next;
    std::uint32_t begin;
    std::uint32_t size;  ///< 0: merged into the one before
    bool is_frozen;
  };

  struct Candidate {
    float score;
    std::int32_t left;
    std::int32_t right;
    std::uint32_t size;
  };

  /// The best way that ends at a byte of the piece.
  struct Node {
    float score = 0;
    std::int64_t begin = -1;  ///< none
    TokenId id = kNoToken;
  };

  struct Span {
    std::uint32_t begin;
    std::uint32_t end;
    TokenId id;  ///< kNoToken: not looked up yet
  };

  std::vector<Symbol> symbols;
  std::vector<Candidate> heap;
  std::vector<Node> nodes;
  std::vector<Span> spans;    ///< the pieces, from the left
  std::vector<Span> pending;  ///< of an unused piece that is taken apart
  /// How the unused pieces of this text were put together: by the spelling, the length of the left
  /// part.
  std::unordered_map<std::string_view, std::uint32_t> parts;
};

class SentencePiece {
 public:
  enum class Kind : std::uint8_t { unigram, bpe };

  struct Piece {
    std::string_view text;  ///< not empty, distinct among those of its sort
    float score = 0;        ///< finite
    SentencePieceType type = SentencePieceType::normal;
  };

  /// The place of a piece is its id. `unk_id` is one of them. With `byte_fallback` there is a byte
  /// piece for each byte.
  SentencePiece(Kind kind, const std::vector<Piece>& pieces, TokenId unk_id, bool byte_fallback);

  /// Appends the tokens of `text`, which is normalized. BPE O(n log n), Unigram O(n * longest
  /// piece).
  void tokenize(std::string_view text, SentencePieceWorkspace& workspace,
                std::vector<ModelToken>& tokens) const;

  [[nodiscard]] const Vocabulary& vocabulary() const noexcept { return vocabulary_; }

 private:
  void run_bpe(std::string_view text, SentencePieceWorkspace& workspace) const;
  void push_candidate(std::string_view text, SentencePieceWorkspace& workspace, std::int32_t left,
                      std::int32_t right) const;
  void take_apart(std::string_view text, SentencePieceWorkspace& workspace,
                  SentencePieceWorkspace::Span span) const;
  void run_unigram(std::string_view text, SentencePieceWorkspace& workspace) const;
  [[nodiscard]] float score_in_lattice(TokenId id, std::size_t length) const noexcept;

  Kind kind_;
  Vocabulary vocabulary_;  ///< all pieces; of a reserved and a mergeable one alike the reserved one
  Vocabulary mergeable_;   ///< BPE
  TokenTrie user_defined_;  ///< BPE: symbols that are never merged with others
  TokenTrie trie_;          ///< Unigram: of the mergeable ones
  std::vector<float> scores_;
  std::vector<SentencePieceType> types_;
  TokenId unk_id_;
  float unk_score_;
  float max_score_;
  bool byte_fallback_;
  std::array<TokenId, 256> byte_tokens_{};
};

/// The length of the longest token of `symbols` that `text` begins with; 0 for none.
[[nodiscard]] std::size_t longest_prefix(const TokenTrie& symbols, std::string_view text);

}  // namespace hfauth::tokenizer
