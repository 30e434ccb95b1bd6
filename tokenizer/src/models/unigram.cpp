// SPDX-License-Identifier: Apache-2.0
//
// Viterbi from left to right in double precision, as the reference sums up: a way is replaced only
// by a strictly better one, so of equal ones the earliest begin stays (tokenizers 0.23,
// models/unigram/model.rs, encode_optimized). An unknown character costs ten more than the worst
// token, and is an alternative only where no token of one character begins.
#include "models/unigram.hpp"

#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace hfauth::tokenizer {

namespace {

constexpr double kUnknownPenalty = 10;

double lowest(const std::vector<double>& scores) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const double score : scores)
    lowest = std::min(lowest, score);
  return lowest;
}

}  // namespace

Unigram::Unigram(Vocabulary vocabulary, std::vector<double> scores, std::optional<TokenId> unk_id,
                 bool byte_fallback)
    : vocabulary_(std::move(vocabulary)),
      trie_(vocabulary_),
      scores_(std::move(scores)),
      unk_id_(unk_id.value_or(kNoToken)),
      unk_score_(lowest(scores_) - kUnknownPenalty),
      byte_fallback_(byte_fallback) {
  for (unsigned byte = 0; byte < byte_tokens_.size(); ++byte)
    byte_tokens_[byte] = vocabulary_.find(fmt::format("<0x{:02X}>", byte));
}

bool Unigram::find_best_ways(std::string_view piece,
                             std::vector<UnigramWorkspace::Node>& nodes) const {
  nodes.assign(piece.size() + 1, {});
  const auto offer = [&](std::size_t begin, std::size_t end, double score, TokenId id) {
    UnigramWorkspace::Node& node = nodes[end];
    const double sum = score + nodes[begin].score;
    if (node.id != kNoToken && !(sum > node.score)) return true;
    if (id == kNoToken) return false;
    node = {sum, static_cast<std::uint32_t>(begin), id};
    return true;
  };
  for (std::size_t begin = 0; begin < piece.size();) {
    const std::uint32_t n_bytes = unicode::decode_at(piece, begin).n_bytes;
    bool has_single = false;
    trie_.for_each_prefix(piece.substr(begin), [&](std::size_t length, TokenId id) {
      (void)offer(begin, begin + length, scores_[id], id);
      has_single = has_single || length == n_bytes;
    });
    if (!has_single && !offer(begin, begin + n_bytes, unk_score_, unk_id_)) return false;
    begin += n_bytes;
  }
  return true;
}

bool Unigram::push_bytes(std::string_view text, const UnigramWorkspace::Span& span,
                         std::vector<ModelToken>& tokens) const {
  const auto token_of = [this](char byte) {
    return byte_tokens_[static_cast<unsigned char>(byte)];
  };
  if (!byte_fallback_ || std::any_of(text.begin(), text.end(),
                                     [&](char byte) { return token_of(byte) == kNoToken; })) {
    return false;
  }
  for (const char byte : text)
    tokens.push_back({token_of(byte), span.begin, span.end});
  return true;
}

bool Unigram::push(std::string_view piece, const UnigramWorkspace::Span& span,
                   std::vector<ModelToken>& tokens) const {
  const std::string_view text = piece.substr(span.begin, span.end - span.begin);
  // Unknown characters that were joined may spell a token after all.
  const TokenId id = span.id == unk_id_ ? vocabulary_.find(text) : span.id;
  if (id == kNoToken && push_bytes(text, span, tokens)) return true;
  const TokenId final_id = id == kNoToken ? unk_id_ : id;
  if (final_id == kNoToken) return false;
  tokens.push_back({final_id, span.begin, span.end, true});
  return true;
}

bool Unigram::tokenize(std::string_view piece, UnigramWorkspace& workspace,
                       std::vector<ModelToken>& tokens) const {
  if (!find_best_ways(piece, workspace.nodes)) return false;
  std::vector<UnigramWorkspace::Span>& spans = workspace.spans;
  spans.clear();
  for (auto end = static_cast<std::uint32_t>(piece.size()); end > 0;) {
    const UnigramWorkspace::Node& node = workspace.nodes[end];
    if (node.id == unk_id_ && !spans.empty() && spans.back().id == unk_id_) {
      spans.back().begin = node.begin;
    } else {
      spans.push_back({node.begin, end, node.id});
    }
    end = node.begin;
  }
  return std::all_of(spans.rbegin(), spans.rend(),
                     [&](const UnigramWorkspace::Span& span) { return push(piece, span, tokens); });
}

}  // namespace hfauth::tokenizer
