// SPDX-License-Identifier: Apache-2.0
//
// Greedy longest match (tokenizers 0.23, models/wordpiece/mod.rs): by look-ups of ever shorter
// strings, none longer than the longest token, or, for many texts, in a trie, which takes longer to
// build than a short text to encode.
#include "models/word_piece.hpp"

#include "unicode/utf8.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::tokenizer {

WordPiece::WordPiece(Vocabulary vocabulary, WordPieceOptions options)
    : vocabulary_(std::move(vocabulary)),
      options_(std::move(options)),
      unk_id_(vocabulary_.find(options_.unk_token)) {}

/// The longest token at one place: its id, or kNoToken, and where it ends in the piece.
struct WordPiece::Found {
  TokenId id = kNoToken;
  std::size_t end = 0;
};

WordPiece::Found WordPiece::longest_by_hash(std::string_view piece, std::size_t begin) const {
  std::string spelled = begin > 0 ? options_.continuing_prefix : std::string();
  const std::size_t prefix = spelled.size();
  const std::size_t most = vocabulary_.longest() > prefix ? vocabulary_.longest() - prefix : 0;
  spelled += piece.substr(begin, most);
  // The cut may be inside of a character; it never is behind the first step back.
  std::size_t length = spelled.size();
  if (begin + length - prefix < piece.size()) {
    while (length > prefix && unicode::is_continuation(piece[begin + length - prefix]))
      --length;
  }
  for (; length > prefix; length = unicode::previous(spelled, length)) {
    const TokenId id = vocabulary_.find(std::string_view(spelled).substr(0, length));
    if (id != kNoToken) return {id, begin + length - prefix};
  }
  return {};
}

WordPiece::Found WordPiece::longest_by_trie(std::string_view piece, std::size_t begin,
                                            const WordPieceTrie& trie) {
  TokenTrie::Node node = begin > 0 ? trie.continuing : TokenTrie::kRoot;
  Found longest;
  while (begin < piece.size() && node != TokenTrie::kNone) {
    node = trie.tokens.step(node, piece[begin++]);
    if (node != TokenTrie::kNone && trie.tokens.token(node) != kNoToken)
      longest = {trie.tokens.token(node), begin};
  }
  return longest;
}

bool WordPiece::cover(std::string_view piece, const WordPieceTrie* trie,
                      std::vector<ModelToken>& tokens) const {
  for (std::size_t begin = 0; begin < piece.size();) {
    const Found found =
        trie != nullptr ? longest_by_trie(piece, begin, *trie) : longest_by_hash(piece, begin);
    if (found.id == kNoToken) return false;
    tokens.push_back(
        {found.id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(found.end)});
    begin = found.end;
  }
  return true;
}

bool WordPiece::tokenize(std::string_view piece, std::vector<ModelToken>& tokens,
                         const WordPieceTrie* trie) const {
  const std::size_t n_before = tokens.size();
  const bool short_enough = piece.size() <= options_.max_characters ||
                            unicode::count_code_points(piece) <= options_.max_characters;
  if (short_enough && cover(piece, trie, tokens)) return true;
  tokens.resize(n_before, ModelToken{});
  if (unk_id_ == kNoToken) return false;
  tokens.push_back({unk_id_, 0, static_cast<std::uint32_t>(piece.size())});
  return true;
}

WordPieceTrie WordPiece::make_trie() const {
  WordPieceTrie trie{TokenTrie(vocabulary_), TokenTrie::kNone};
  trie.continuing = trie.tokens.node_of(options_.continuing_prefix);
  return trie;
}

}  // namespace hfauth::tokenizer
