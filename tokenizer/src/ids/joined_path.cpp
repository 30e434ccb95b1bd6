// SPDX-License-Identifier: Apache-2.0
//
// BPE as SentencePiece has it: spaces become a visible mark, and the whole text is one piece.
// Merges are local, so the text may be cut wherever no merge joins the two neighbours
// (join_table.hpp): the rank of one merge says nothing about another that it does not touch. The
// parts are short then and come from the cache. A text is only taken apart if every character is a
// symbol of its own or becomes bytes, so that nothing vanishes between two others and no unknown
// token grows over a cut.
#include "ids/id_path.hpp"
#include "ids/join_table.hpp"
#include "pre_tokenizers/known_shapes.hpp"
#include "text_check.hpp"
#include "unicode/utf8.hpp"

#include <string>
#include <unordered_set>

namespace hfauth::tokenizer {

namespace {

constexpr std::string_view kMark = "\u2581";
constexpr char32_t kMarkCharacter = 0x2581;

/// When the text gets a mark in front.
enum class Front : std::uint8_t { never, always, unless_marked, unless_marked_at_origin };

struct Rewriting {
  Front front = Front::never;
  bool splits = false;  ///< cut in front of each mark
};

std::optional<Rewriting> rewriting_of(const TokenizerParts& parts) {
  SpaceMarking marking;
  if (parts.normalizer != nullptr) {
    const NormalizerShape shape = parts.normalizer->shape();
    const auto* found = std::get_if<SpaceMarking>(&shape);
    if (found == nullptr) return std::nullopt;
    marking = *found;
  }
  Rewriting rewriting;
  if (marking.prepends) rewriting.front = Front::always;
  const PreTokenizerShape cut =
      parts.pre_tokenizer == nullptr ? PreTokenizerShape() : parts.pre_tokenizer->shape();
  if (parts.pre_tokenizer == nullptr || is_space_split(cut)) {
    // A split at spaces finds none if they were replaced.
    return marking.replaces ? std::optional(rewriting) : std::nullopt;
  }
  const MetaspaceOptions* marks = as_metaspace(cut);
  if (marks == nullptr || marking.prepends || marks->replacement != kMark) return std::nullopt;
  rewriting.splits = marks->split;
  switch (marks->prepend_scheme) {
    case PrependScheme::always:
      rewriting.front = Front::unless_marked;
      break;
    case PrependScheme::first:
      rewriting.front = Front::unless_marked_at_origin;
      break;
    case PrependScheme::never:
      break;
  }
  return rewriting;
}

/// The part of a pattern that stands in the raw text as it is, if the pattern is found in the
/// normalized one: its longest stretch without a mark.
std::string raw_part(std::string_view pattern) {
  std::string_view longest;
  while (true) {
    const std::size_t mark = pattern.find(kMark);
    const std::string_view stretch = pattern.substr(0, mark);
    if (stretch.size() > longest.size()) longest = stretch;
    if (mark == std::string_view::npos) return std::string(longest);
    pattern.remove_prefix(mark + kMark.size());
  }
}

class JoinedPath final : public IdPath {
 public:
  JoinedPath(const TokenizerParts& parts, const Bpe& model, Rewriting rewriting, JoinTable joins,
             PatternSet hints)
      : model_(model),
        rewriting_(rewriting),
        joins_(std::move(joins)),
        hints_(std::move(hints)),
        general_(general_path(parts)) {}

  Result<void> push(const Piece& raw, IdWork& work, IdSink& sink) const override {
    const std::string_view text = raw.text;
    // A place where a normalized added token may be.
    if (hints_.find(text, 0)) return general_->push(raw, work, sink);
    bool needs_mark = wants_mark(raw);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = part_end(text, at);
      if (needs_mark) {
        needs_mark = false;
        work.ids.clear();
        if (!encode(text.substr(at, end - at), true, work)) return missing_unknown_token();
        for (const TokenId id : work.ids)
          sink.push(id);
      } else if (!push_part(text, at, end, work, sink,
                            [&](std::string_view part) { return encode(part, false, work); })) {
        return missing_unknown_token();
      }
      at = end;
    }
    return {};
  }

 private:
  [[nodiscard]] bool wants_mark(const Piece& raw) const {
    const bool is_marked = raw.text.starts_with(' ') || raw.text.starts_with(kMark);
    switch (rewriting_.front) {
      case Front::never:
        return false;
      case Front::always:
        return true;
      case Front::unless_marked:
        return !is_marked;
      case Front::unless_marked_at_origin:
        return !is_marked && raw.origin == 0;
    }
    return false;
  }

  static unicode::Decoded marked_at(std::string_view text, std::size_t at) {
    const unicode::Decoded next = unicode::decode_at(text, at);
    return {next.code_point == kMarkCharacter ? U' ' : next.code_point, next.n_bytes};
  }

  /// Where the part that begins at `at` can be cut off.
  [[nodiscard]] std::size_t part_end(std::string_view text, std::size_t at) const {
    unicode::Decoded last = marked_at(text, at);
    at += last.n_bytes;
    while (at < text.size()) {
      const unicode::Decoded next = marked_at(text, at);
      if (!joins_.joins(last.code_point, next.code_point) ||
          (rewriting_.splits && next.code_point == U' ')) {
        break;
      }
      last = next;
      at += next.n_bytes;
    }
    return at;
  }

  bool encode(std::string_view part, bool with_mark, IdWork& work) const {
    work.word.clear();
    if (with_mark) work.word += kMark;
    for (std::size_t at = 0; at < part.size();) {
      const std::size_t space = part.find(' ', at);
      work.word += part.substr(at, space - at);
      if (space == std::string_view::npos) break;
      work.word += kMark;
      at = space + 1;
    }
    if (!model_.tokenize(work.word, false, work.model.bpe)) return false;
    for (const BpeToken& token : work.model.bpe.tokens)
      work.ids.push_back(token.id);
    return true;
  }

  const Bpe& model_;
  Rewriting rewriting_;
  JoinTable joins_;   ///< the mark as U+0020
  PatternSet hints_;  ///< what a normalized added token cannot be without
  IdPathHandle general_;
};

/// The pairs that the merges join, the mark as U+0020; false if one of them touches a byte token,
/// which stands for a byte and not for how it is spelled.
bool fill(JoinTable& joins, const Bpe& model) {
  bool only_text = true;
  const std::unordered_set<TokenId> bytes(model.byte_tokens().begin(), model.byte_tokens().end());
  const auto marked = [](char32_t c) { return c == kMarkCharacter ? U' ' : c; };
  model.merges().for_each([&](TokenId left, TokenId right) {
    const std::string_view before = model.vocabulary().token(left).value_or(std::string_view());
    const std::string_view after = model.vocabulary().token(right).value_or(std::string_view());
    if (before.empty() || after.empty() || bytes.contains(left) || bytes.contains(right)) {
      only_text = false;
      return;
    }
    const char32_t last =
        unicode::decode_at(before, unicode::previous(before, before.size())).code_point;
    const char32_t first = unicode::decode_at(after, 0).code_point;
    // A real space does not come so far.
    if (last != U' ' && first != U' ') joins.add(marked(last), marked(first));
  });
  return only_text;
}

}  // namespace

IdPathHandle joined_path(const TokenizerParts& parts) {
  const Bpe* model = parts.model.as_bpe();
  if (model == nullptr || !model->takes_any_text() || model->options().ignore_merges ||
      model->options().dropout != 0 || !model->vocabulary().ids_are_unique()) {
    return nullptr;
  }
  const std::optional<Rewriting> rewriting = rewriting_of(parts);
  if (!rewriting) return nullptr;
  std::vector<std::pair<std::string, std::uint32_t>> hints;
  for (const std::string& pattern : parts.added.normalized_patterns()) {
    hints.emplace_back(raw_part(pattern), 0);
    if (hints.back().first.empty()) return nullptr;
  }
  JoinTable joins;
  if (!fill(joins, *model)) return nullptr;
  return std::make_unique<JoinedPath>(parts, *model, *rewriting, std::move(joins),
                                      PatternSet(std::move(hints)));
}

}  // namespace hfauth::tokenizer
