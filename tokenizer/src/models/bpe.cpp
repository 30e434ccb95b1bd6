// SPDX-License-Identifier: Apache-2.0
//
// The piece becomes a list of symbols, one a character; then, again and again, the neighbours with
// the merge of lowest rank are joined, the leftmost of equals first. (tokenizers 0.23,
// models/bpe/word.rs, merge_all.)
//
// The reference keeps candidates in a heap by (rank, position) and takes a popped one if the pair
// that stands there now gives the same new id. A symbol only ever grows, so as long as no two
// spellings share an id that is the same as "take the best pair that exists now". Short pieces
// therefore do the plain thing: a scan for the minimum over an array of at most kShortPiece pairs,
// which fits in a few cache lines. Longer pieces, and vocabularies with shared ids, use the heap
// over a linked list: O(n log n).
#include "models/bpe.hpp"

#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// Where the scan and the heap took the same time: between 40 and 100 symbols.
constexpr std::size_t kShortPiece = 64;

TokenId new_id_of(MergeTable::Merge merge) noexcept {
  return static_cast<TokenId>(merge);
}

/// Orders a max-heap so that the lowest rank, then the leftmost position, is on top.
bool later(const BpeWorkspace::Candidate& a, const BpeWorkspace::Candidate& b) noexcept {
  const MergeTable::Merge rank_a = a.merge >> 32U;
  const MergeTable::Merge rank_b = b.merge >> 32U;
  return rank_a != rank_b ? rank_a > rank_b : a.position > b.position;
}

/// Decides by a counter-based generator (splitmix64) that starts from the piece.
class Dropout {
 public:
  Dropout(double probability, std::string_view piece)
      : probability_(probability), state_(probability > 0 ? hash_bytes(piece) : 0) {}

  bool passes_over() noexcept {
    if (probability_ <= 0) return false;
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = (state_ ^ (state_ >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    constexpr double kScale = 1.0 / 9007199254740992.0;  // 2^-53
    return static_cast<double>((mixed ^ (mixed >> 31U)) >> 11U) * kScale < probability_;
  }

 private:
  double probability_;
  std::uint64_t state_;
};

}  // namespace

Bpe::Bpe(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
    : vocabulary_(std::move(vocabulary)), merges_(std::move(merges)), options_(std::move(options)) {
  if (options_.unk_token) unk_id_ = vocabulary_.find(*options_.unk_token);
  for (char32_t c = 0; c < byte_alphabet::kEnd; ++c) {
    std::string spelling;
    unicode::append(spelling, c);
    first_characters_[c] = vocabulary_.find(spelling);
  }
  plain_ =
      !options_.byte_fallback && options_.continuing_prefix.empty() && options_.end_suffix.empty();
  if (!options_.byte_fallback) return;
  for (unsigned byte = 0; byte < byte_tokens_.size(); ++byte)
    byte_tokens_[byte] = vocabulary_.find(fmt::format("<0x{:02X}>", byte));
}

bool Bpe::tokenize(std::string_view piece, bool byte_level, BpeWorkspace& workspace) const {
  workspace.tokens.clear();
  const bool looks_up_whole = options_.ignore_merges || !plain_;
  const std::string_view spelled =
      looks_up_whole ? byte_alphabet::spelled(piece, byte_level, workspace.spelling) : piece;
  if (options_.ignore_merges) {
    if (const TokenId whole = vocabulary_.find(spelled); whole != kNoToken) {
      workspace.tokens.push_back({whole, static_cast<std::uint32_t>(spelled.size())});
      return true;
    }
  }
  const bool is_known = plain_ ? split_into_symbols(piece, byte_level, workspace)
                               : split_with_affixes(spelled, workspace);
  if (!is_known) return false;
  if (workspace.tokens.size() <= kShortPiece && vocabulary_.ids_are_unique() &&
      options_.dropout == 0) {
    merge_short(workspace);
  } else {
    merge_long(workspace, piece);
  }
  return true;
}

bool Bpe::takes_any_text() const noexcept {
  return options_.byte_fallback && options_.continuing_prefix.empty() &&
         options_.end_suffix.empty() &&
         std::find(byte_tokens_.begin(), byte_tokens_.end(), kNoToken) == byte_tokens_.end();
}

bool Bpe::push_bytes(std::string_view symbol, std::vector<BpeToken>& symbols) const {
  const auto token_of = [this](char byte) {
    return byte_tokens_[static_cast<unsigned char>(byte)];
  };
  if (!options_.byte_fallback || std::any_of(symbol.begin(), symbol.end(), [&](char byte) {
        return token_of(byte) == kNoToken;
      })) {
    return false;
  }
  for (const char byte : symbol)
    symbols.push_back({token_of(byte), 1});
  return true;
}

std::string Bpe::with_affixes(std::string_view symbol, bool is_first, bool is_last) const {
  std::string spelling = is_first ? std::string() : options_.continuing_prefix;
  spelling += symbol;
  if (is_last) spelling += options_.end_suffix;
  return spelling;
}

bool Bpe::split_with_affixes(std::string_view spelled, BpeWorkspace& workspace) const {
  std::vector<BpeToken>& symbols = workspace.tokens;
  std::uint32_t pending_unk = 0;
  const bool bare = options_.continuing_prefix.empty() && options_.end_suffix.empty();
  std::string spelling;
  for (std::size_t at = 0; at < spelled.size();) {
    const auto [character, n_bytes] = unicode::decode_at(spelled, at);
    std::string_view symbol = spelled.substr(at, n_bytes);
    at += n_bytes;
    if (!bare) {
      spelling = with_affixes(symbol, at == n_bytes, at == spelled.size());
      symbol = spelling;
    }
    const TokenId id = bare && character < byte_alphabet::kEnd ? first_characters_[character]
                                                               : vocabulary_.find(symbol);
    if (id != kNoToken) {
      if (pending_unk > 0) symbols.push_back({unk_id_, std::exchange(pending_unk, 0)});
      symbols.push_back({id, n_bytes});
      continue;
    }
    // Bytes go before an unknown token that is still pending, as in the reference.
    if (push_bytes(symbol, symbols) || !options_.unk_token) continue;
    if (unk_id_ == kNoToken) return false;
    if (pending_unk > 0 && !options_.fuse_unk)
      symbols.push_back({unk_id_, std::exchange(pending_unk, 0)});
    pending_unk += n_bytes;
  }
  if (pending_unk > 0) symbols.push_back({unk_id_, pending_unk});
  return true;
}

bool Bpe::split_into_symbols(std::string_view piece, bool byte_level,
                             BpeWorkspace& workspace) const {
  std::vector<BpeToken>& symbols = workspace.tokens;
  std::uint32_t pending_unk = 0;  // bytes of unknown characters that were not put into the list yet
  for (std::size_t at = 0; at < piece.size();) {
    TokenId id = kNoToken;
    std::uint32_t n_bytes = 0;
    if (byte_level) {
      id = first_characters_[byte_alphabet::kCharacters[static_cast<unsigned char>(piece[at])]];
      n_bytes = byte_alphabet::encoded_length(piece[at]);
      ++at;
    } else {
      const unicode::Decoded decoded = unicode::decode_at(piece, at);
      n_bytes = decoded.n_bytes;
      id = decoded.code_point < byte_alphabet::kEnd ? first_characters_[decoded.code_point]
                                                    : vocabulary_.find(piece.substr(at, n_bytes));
      at += n_bytes;
    }
    if (id == kNoToken && !options_.unk_token) continue;  // the character vanishes
    if (id == kNoToken && unk_id_ == kNoToken) return false;
    if (pending_unk > 0 && (id != kNoToken || !options_.fuse_unk)) {
      symbols.push_back({unk_id_, std::exchange(pending_unk, 0)});
    }
    if (id == kNoToken) {
      pending_unk += n_bytes;
    } else {
      symbols.push_back({id, n_bytes});
    }
  }
  if (pending_unk > 0) symbols.push_back({unk_id_, pending_unk});
  return true;
}

void Bpe::merge_short(BpeWorkspace& workspace) const {
  std::vector<BpeToken>& symbols = workspace.tokens;
  std::vector<MergeTable::Merge>& merges = workspace.pair_merges;
  merges.clear();
  for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
    merges.push_back(merges_.find(symbols[i].id, symbols[i + 1].id));
  }
  while (!merges.empty()) {
    const auto best = std::min_element(merges.begin(), merges.end());
    if (*best == MergeTable::kNone) return;
    const auto at = static_cast<std::size_t>(best - merges.begin());
    symbols[at] = {new_id_of(*best), symbols[at].n_bytes + symbols[at + 1].n_bytes};
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    merges.erase(best);
    if (at > 0) merges[at - 1] = merges_.find(symbols[at - 1].id, symbols[at].id);
    if (at < merges.size()) merges[at] = merges_.find(symbols[at].id, symbols[at + 1].id);
  }
}

void Bpe::push_candidate(BpeWorkspace& workspace, std::int32_t left) const {
  const auto position = static_cast<std::size_t>(left);
  const auto right = static_cast<std::size_t>(workspace.links[position].next);
  const MergeTable::Merge merge =
      merges_.find(workspace.tokens[position].id, workspace.tokens[right].id);
  if (merge == MergeTable::kNone) return;
  workspace.heap.push_back({merge, static_cast<std::uint32_t>(left)});
  std::push_heap(workspace.heap.begin(), workspace.heap.end(), later);
}

void Bpe::merge_long(BpeWorkspace& workspace, std::string_view piece) const {
  constexpr std::int32_t kEndOfList = -1;
  constexpr TokenId kDead = kNoToken;
  std::vector<BpeToken>& symbols = workspace.tokens;
  std::vector<BpeWorkspace::Link>& links = workspace.links;
  workspace.heap.clear();
  links.clear();
  const auto n = static_cast<std::int32_t>(symbols.size());
  for (std::int32_t i = 0; i < n; ++i)
    links.push_back({i - 1, i + 1 < n ? i + 1 : kEndOfList});
  for (std::int32_t i = 0; i + 1 < n; ++i)
    push_candidate(workspace, i);
  Dropout dropout(options_.dropout, piece);
  workspace.skipped.clear();
  while (!workspace.heap.empty()) {
    std::pop_heap(workspace.heap.begin(), workspace.heap.end(), later);
    const BpeWorkspace::Candidate top = workspace.heap.back();
    workspace.heap.pop_back();
    if (dropout.passes_over()) {
      workspace.skipped.push_back(top);
      continue;
    }
    for (const BpeWorkspace::Candidate& skipped : workspace.skipped) {
      workspace.heap.push_back(skipped);
      std::push_heap(workspace.heap.begin(), workspace.heap.end(), later);
    }
    workspace.skipped.clear();
    BpeToken& left = symbols[top.position];
    BpeWorkspace::Link& link = links[top.position];
    if (left.id == kDead || link.next == kEndOfList) continue;
    const auto right_position = static_cast<std::size_t>(link.next);
    BpeToken& right = symbols[right_position];
    const MergeTable::Merge now = merges_.find(left.id, right.id);
    if (now == MergeTable::kNone || new_id_of(now) != new_id_of(top.merge)) continue;
    left = {new_id_of(now), left.n_bytes + right.n_bytes};
    right.id = kDead;
    link.next = links[right_position].next;
    const auto position = static_cast<std::int32_t>(top.position);
    if (link.next != kEndOfList) {
      links[static_cast<std::size_t>(link.next)].previous = position;
      push_candidate(workspace, position);
    }
    if (link.previous != kEndOfList) push_candidate(workspace, link.previous);
  }
  std::erase_if(symbols, [](const BpeToken& symbol) { return symbol.id == kDead; });
}

}  // namespace hfauth::tokenizer
