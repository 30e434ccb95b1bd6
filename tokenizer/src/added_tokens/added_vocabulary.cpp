// SPDX-License-Identifier: Apache-2.0
//
// Numbering of added tokens and the search for them. A match that `single_word` rejects is
// consumed: no shorter one is tried in its place. Stripping moves the ends of a match, but the
// search goes on behind the unstripped one, so a token that begins with white space can overlap an
// rstrip token before it.
#include "added_tokens/added_vocabulary.hpp"

#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

bool ends_with_word(std::string_view text) {
  return !text.empty() &&
         unicode::is_word(
             unicode::decode_at(text, unicode::previous(text, text.size())).code_point);
}

bool starts_with_word(std::string_view text) {
  return !text.empty() && unicode::is_word(unicode::decode_at(text, 0).code_point);
}

std::size_t without_trailing_space(std::string_view text, std::size_t end) {
  while (end > 0) {
    const std::size_t last = unicode::previous(text, end);
    if (!unicode::is_space(unicode::decode_at(text, last).code_point)) break;
    end = last;
  }
  return end;
}

std::size_t past_leading_space(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const unicode::Decoded next = unicode::decode_at(text, at);
    if (!unicode::is_space(next.code_point)) break;
    at += next.n_bytes;
  }
  return at;
}

}  // namespace

Result<void> AddedVocabulary::fill(std::vector<AddedToken> tokens, const Vocabulary& model,
                                   const Normalizer* normalizer) {
  auto next_id = static_cast<TokenId>(model.size());
  for (AddedToken& token : tokens) {
    if (token.content.empty()) continue;
    TokenId id = token.id.value_or(find(token.content));
    if (id == kNoToken) id = model.find(token.content);
    if (token.id && !model.token(id)) ++n_beyond_model_;
    if (id == kNoToken) {
      id = next_id++;
      ++n_beyond_model_;
    }
    std::string normalized = token.content;
    if (token.normalized && normalizer != nullptr) {
      NormalizedText text(token.content);
      if (const Result<void> applied = normalizer->apply(text); !applied) return applied.error();
      normalized = std::string(text.text());
    }
    enter(std::move(token), std::move(normalized), id);
  }
  index();
  return {};
}

void AddedVocabulary::enter(AddedToken token, std::string normalized, TokenId id) {
  if (token.special) special_.insert(token.content);
  id_by_content_.insert_or_assign(token.content, id);
  index_by_id_[id] = tokens_.size();
  ids_.push_back(id);
  tokens_.push_back(std::move(token));
  normalized_.push_back(std::move(normalized));
}

void AddedVocabulary::index() {
  std::vector<std::pair<std::string, std::uint32_t>> raw;
  std::vector<std::pair<std::string, std::uint32_t>> normalized;
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    // A token whose id was taken over by a later one is no longer known to the reference's search.
    if (index_by_id_.at(ids_[i]) != i || !tokens_[i].found_in_text) continue;
    if (tokens_[i].normalized) {
      normalized.emplace_back(normalized_[i], i);
    } else {
      raw.emplace_back(tokens_[i].content, i);
    }
  }
  in_raw_text_ = PatternSet(std::move(raw));
  in_normalized_text_ = PatternSet(std::move(normalized));
}

void AddedVocabulary::split_raw(std::string_view text, std::vector<Piece>& out) const {
  split_by(in_raw_text_, {.text = text}, out);
}

void AddedVocabulary::split_normalized(const Piece& stretch, std::vector<Piece>& out) const {
  split_by(in_normalized_text_, stretch, out);
}

void AddedVocabulary::split_by(const PatternSet& patterns, const Piece& whole,
                               std::vector<Piece>& out) const {
  const std::string_view text = whole.text;
  const auto emit = [&](std::size_t begin, std::size_t end, std::optional<TokenId> added) {
    if (begin >= end) return;
    Piece piece = whole.slice({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    piece.added = added;
    out.push_back(piece);
  };
  std::size_t done = 0;    // the text before this was given out
  std::size_t search = 0;  // where the search goes on
  while (const std::optional<PatternSet::Match> match = patterns.find(text, search)) {
    search = match->end;
    const AddedToken& token = tokens_[match->value];
    std::size_t begin = match->begin;
    std::size_t end = match->end;
    if (splits_special_ && token.special) continue;
    if (token.single_word &&
        (ends_with_word(text.substr(0, begin)) || starts_with_word(text.substr(end)))) {
      continue;
    }
    if (token.lstrip) begin = std::max(without_trailing_space(text, begin), done);
    if (token.rstrip) end = past_leading_space(text, end);
    emit(done, begin, std::nullopt);
    emit(begin, end, ids_[match->value]);
    done = end;
  }
  emit(done, text.size(), std::nullopt);
}

std::vector<std::string> AddedVocabulary::normalized_patterns() const {
  std::vector<std::string> patterns;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].normalized && !normalized_[i].empty()) patterns.push_back(normalized_[i]);
  }
  return patterns;
}

TokenId AddedVocabulary::find(std::string_view content) const {
  const auto found = id_by_content_.find(content);
  return found == id_by_content_.end() ? kNoToken : found->second;
}

std::optional<std::string_view> AddedVocabulary::token(TokenId id) const {
  const auto found = index_by_id_.find(id);
  if (found == index_by_id_.end()) return std::nullopt;
  return normalized_[found->second];
}

bool AddedVocabulary::is_special(std::string_view content) const {
  return special_.contains(content);
}

}  // namespace hfauth::tokenizer
