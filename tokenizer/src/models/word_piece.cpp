// SPDX-License-Identifier: Apache-2.0
//
// Greedy longest match by look-ups of ever shorter strings, none longer than the longest token
// (tokenizers 0.23, models/wordpiece/mod.rs).
#include "models/word_piece.hpp"

#include "unicode/utf8.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::tokenizer {

WordPiece::WordPiece(Vocabulary vocabulary, WordPieceOptions options)
    : vocabulary_(std::move(vocabulary)),
      options_(std::move(options)),
      unk_id_(vocabulary_.find(options_.unk_token)) {}

bool WordPiece::cover(std::string_view piece, std::vector<ModelToken>& tokens) const {
  std::string spelled;
  for (std::size_t begin = 0; begin < piece.size();) {
    spelled = begin > 0 ? options_.continuing_prefix : std::string();
    const std::size_t prefix = spelled.size();
    const std::size_t most = vocabulary_.longest() > prefix ? vocabulary_.longest() - prefix : 0;
    spelled += piece.substr(begin, most);
    // The cut may be inside of a character; it never is behind the first step back.
    std::size_t length = spelled.size();
    if (begin + length - prefix < piece.size()) {
      while (length > prefix && unicode::is_continuation(piece[begin + length - prefix]))
        --length;
    }
    TokenId id = kNoToken;
    for (; length > prefix; length = unicode::previous(spelled, length)) {
      id = vocabulary_.find(std::string_view(spelled).substr(0, length));
      if (id != kNoToken) break;
    }
    if (id == kNoToken) return false;
    const std::size_t end = begin + length - prefix;
    tokens.push_back({id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    begin = end;
  }
  return true;
}

bool WordPiece::tokenize(std::string_view piece, std::vector<ModelToken>& tokens) const {
  const std::size_t n_before = tokens.size();
  const bool short_enough = piece.size() <= options_.max_characters ||
                            unicode::count_code_points(piece) <= options_.max_characters;
  if (short_enough && cover(piece, tokens)) return true;
  tokens.resize(n_before, ModelToken{});
  if (unk_id_ == kNoToken) return false;
  tokens.push_back({unk_id_, 0, static_cast<std::uint32_t>(piece.size())});
  return true;
}

}  // namespace hfauth::tokenizer
