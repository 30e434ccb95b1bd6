// SPDX-License-Identifier: Apache-2.0
//
// The order of merges, the arithmetic of scores and what happens to unknown characters follow
// SentencePiece 0.2 (bpe_model.cc, unigram_model.cc, sentencepiece_processor.cc). Best merge first,
// the leftmost of equals; best way by strictly higher single-precision sums, so that of equal ways
// the one that begins earliest stays.
#include "models/sentence_piece.hpp"

#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace hfauth::tokenizer {

namespace {

using Workspace = SentencePieceWorkspace;

constexpr float kUnknownPenalty = 10;
constexpr double kUserDefinedBonus = 0.1;

template <class Wanted>
Vocabulary vocabulary_of(const std::vector<SentencePiece::Piece>& pieces, Wanted wanted) {
  Vocabulary vocabulary;
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    if (wanted(pieces[id].type)) vocabulary.append(pieces[id].text, static_cast<TokenId>(id));
  }
  return vocabulary;
}

/// All of them; the reserved ones come last, so that they are found first.
Vocabulary whole_vocabulary(const std::vector<SentencePiece::Piece>& pieces) {
  Vocabulary vocabulary;
  for (const bool mergeable : {true, false}) {
    for (std::size_t id = 0; id < pieces.size(); ++id) {
      if (is_mergeable(pieces[id].type) == mergeable)
        vocabulary.append(pieces[id].text, static_cast<TokenId>(id));
    }
  }
  vocabulary.index_ids();
  return vocabulary;
}

/// Orders a max-heap so that the highest score, then the leftmost pair, is on top.
bool later(const Workspace::Candidate& a, const Workspace::Candidate& b) noexcept {
  return a.score != b.score ? a.score < b.score : a.left > b.left;
}

}  // namespace

SentencePiece::SentencePiece(Kind kind, const std::vector<Piece>& pieces, TokenId unk_id,
                             bool byte_fallback)
    : kind_(kind),
      vocabulary_(whole_vocabulary(pieces)),
      unk_id_(unk_id),
      unk_score_(std::numeric_limits<float>::max()),
      max_score_(std::numeric_limits<float>::min()),
      byte_fallback_(byte_fallback) {
  Vocabulary mergeable = vocabulary_of(pieces, is_mergeable);
  if (kind == Kind::unigram) {
    trie_ = TokenTrie(mergeable);
  } else {
    mergeable_ = std::move(mergeable);
    user_defined_ = TokenTrie(vocabulary_of(
        pieces, [](SentencePieceType type) { return type == SentencePieceType::user_defined; }));
  }
  for (const Piece& piece : pieces) {
    scores_.push_back(piece.score);
    types_.push_back(piece.type);
    if (piece.type != SentencePieceType::normal) continue;
    unk_score_ = std::min(unk_score_, piece.score);
    max_score_ = std::max(max_score_, piece.score);
  }
  unk_score_ -= kUnknownPenalty;
  for (unsigned byte = 0; byte < byte_tokens_.size(); ++byte)
    byte_tokens_[byte] = vocabulary_.find(fmt::format("<0x{:02X}>", byte));
}

std::size_t longest_prefix(const TokenTrie& symbols, std::string_view text) {
  std::size_t longest = 0;
  symbols.for_each_prefix(text, [&](std::size_t length, TokenId) { longest = length; });
  return longest;
}

void SentencePiece::push_candidate(std::string_view text, Workspace& workspace, std::int32_t left,
                                   std::int32_t right) const {
  if (left < 0 || right < 0) return;
  const Workspace::Symbol& a = workspace.symbols[static_cast<std::size_t>(left)];
  const Workspace::Symbol& b = workspace.symbols[static_cast<std::size_t>(right)];
  if (a.is_frozen || b.is_frozen) return;
  const std::string_view spelled = text.substr(a.begin, a.size + b.size);
  if (spelled.size() > mergeable_.longest()) return;
  const TokenId id = mergeable_.find(spelled);
  if (id == kNoToken) return;
  workspace.heap.push_back({scores_[id], left, right, a.size + b.size});
  std::push_heap(workspace.heap.begin(), workspace.heap.end(), later);
  if (types_[id] == SentencePieceType::unused) workspace.parts[spelled] = a.size;
}

void SentencePiece::take_apart(std::string_view text, Workspace& workspace,
                               Workspace::Span span) const {
  workspace.pending.assign(1, span);
  while (!workspace.pending.empty()) {
    const Workspace::Span part = workspace.pending.back();
    workspace.pending.pop_back();
    const std::string_view spelled = text.substr(part.begin, part.end - part.begin);
    const TokenId found = vocabulary_.find(spelled);
    const TokenId id = found == kNoToken ? unk_id_ : found;
    const auto split = types_[id] == SentencePieceType::unused ? workspace.parts.find(spelled)
                                                               : workspace.parts.end();
    if (split == workspace.parts.end()) {
      workspace.spans.push_back({part.begin, part.end, id});
      continue;
    }
    const std::uint32_t middle = part.begin + split->second;
    workspace.pending.push_back({middle, part.end, kNoToken});
    workspace.pending.push_back({part.begin, middle, kNoToken});
  }
}

void SentencePiece::run_bpe(std::string_view text, Workspace& workspace) const {
  std::vector<Workspace::Symbol>& symbols = workspace.symbols;
  symbols.clear();
  workspace.heap.clear();
  workspace.parts.clear();
  for (std::uint32_t at = 0; at < text.size();) {
    const std::size_t user_defined = longest_prefix(user_defined_, text.substr(at));
    const auto size = user_defined > 0 ? static_cast<std::uint32_t>(user_defined)
                                       : unicode::decode_at(text, at).n_bytes;
    const auto index = static_cast<std::int32_t>(symbols.size());
    symbols.push_back({index - 1, index + 1, at, size, user_defined > 0});
    at += size;
  }
  symbols.back().next = -1;
  for (std::size_t i = 1; i < symbols.size(); ++i) {
    push_candidate(text, workspace, static_cast<std::int32_t>(i) - 1, static_cast<std::int32_t>(i));
  }
  while (!workspace.heap.empty()) {
    std::pop_heap(workspace.heap.begin(), workspace.heap.end(), later);
    const Workspace::Candidate best = workspace.heap.back();
    workspace.heap.pop_back();
    Workspace::Symbol& left = symbols[static_cast<std::size_t>(best.left)];
    Workspace::Symbol& right = symbols[static_cast<std::size_t>(best.right)];
    if (left.size == 0 || right.size == 0 || left.size + right.size != best.size) continue;
    left.size = best.size;
    left.next = right.next;
    if (right.next >= 0) symbols[static_cast<std::size_t>(right.next)].previous = best.left;
    right.size = 0;
    push_candidate(text, workspace, left.previous, best.left);
    push_candidate(text, workspace, best.left, left.next);
  }
  for (std::int32_t at = 0; at >= 0; at = symbols[static_cast<std::size_t>(at)].next) {
    const Workspace::Symbol& symbol = symbols[static_cast<std::size_t>(at)];
    take_apart(text, workspace, {symbol.begin, symbol.begin + symbol.size, kNoToken});
  }
}

float SentencePiece::score_in_lattice(TokenId id, std::size_t length) const noexcept {
  if (types_[id] != SentencePieceType::user_defined) return scores_[id];
  const float product = static_cast<float>(length) * max_score_;
  return static_cast<float>(double{product} - kUserDefinedBonus);
}

void SentencePiece::run_unigram(std::string_view text, Workspace& workspace) const {
  std::vector<Workspace::Node>& nodes = workspace.nodes;
  nodes.assign(text.size() + 1, {});
  for (std::size_t begin = 0; begin < text.size();) {
    const std::uint32_t n_bytes = unicode::decode_at(text, begin).n_bytes;
    const float so_far = nodes[begin].score;
    bool has_single = false;
    trie_.for_each_prefix(text.substr(begin), [&](std::size_t length, TokenId id) {
      if (types_[id] == SentencePieceType::unused) return;
      Workspace::Node& node = nodes[begin + length];
      const float sum = score_in_lattice(id, length) + so_far;
      if (node.begin < 0 || sum > node.score) node = {sum, static_cast<std::int64_t>(begin), id};
      has_single = has_single || length == n_bytes;
    });
    if (!has_single) {
      Workspace::Node& node = nodes[begin + n_bytes];
      const float sum = unk_score_ + so_far;
      if (node.begin < 0 || sum > node.score)
        node = {sum, static_cast<std::int64_t>(begin), unk_id_};
    }
    begin += n_bytes;
  }
  for (auto end = static_cast<std::uint32_t>(text.size()); end > 0;) {
    const Workspace::Node& node = nodes[end];
    workspace.spans.push_back({static_cast<std::uint32_t>(node.begin), end, node.id});
    end = static_cast<std::uint32_t>(node.begin);
  }
  std::reverse(workspace.spans.begin(), workspace.spans.end());
}

void SentencePiece::tokenize(std::string_view text, Workspace& workspace,
                             std::vector<ModelToken>& tokens) const {
  if (text.empty()) return;
  workspace.spans.clear();
  if (kind_ == Kind::bpe) {
    run_bpe(text, workspace);
  } else {
    run_unigram(text, workspace);
  }
  bool is_after_unknown = false;
  for (const Workspace::Span& span : workspace.spans) {
    const bool is_unknown = span.id == unk_id_;
    if (is_unknown && byte_fallback_) {
      for (std::uint32_t at = span.begin; at < span.end; ++at) {
        tokens.push_back(
            {byte_tokens_[static_cast<unsigned char>(text[at])], span.begin, span.end});
      }
    } else if (is_unknown && is_after_unknown) {
      tokens.back().end = span.end;
    } else {
      tokens.push_back({span.id, span.begin, span.end, is_unknown});
    }
    is_after_unknown = is_unknown;
  }
}

}  // namespace hfauth::tokenizer
