// SPDX-License-Identifier: Apache-2.0
//
// BPE as SentencePiece has it: spaces become a visible mark, and the whole text is one piece. It is
// cut wherever no merge joins the two neighbours (join_table.hpp); the parts are short then and
// come from the cache.
#include "ids/id_path.hpp"
#include "pre_tokenizers/known_shapes.hpp"
#include "text_check.hpp"

#include <string>

namespace hfauth::tokenizer {

namespace {

constexpr std::string_view kMark = JoinTable::kMark;

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
  JoinedPath(const TokenizerParts& parts, const Bpe& model, Rewriting rewriting,
             const JoinTable& joins, PatternSet hints)
      : model_(model),
        rewriting_(rewriting),
        joins_(joins),
        hints_(std::move(hints)),
        general_(general_path(parts)) {}

  Result<void> push(const Piece& raw, IdWork& work, IdSink& sink) const override {
    const std::string_view text = raw.text;
    // A place where a normalized added token may be.
    if (hints_.find(text, 0)) return general_->push(raw, work, sink);
    bool needs_mark = wants_mark(raw);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = joins_.part_end(text, at, rewriting_.splits);
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
  const JoinTable& joins_;
  PatternSet hints_;  ///< what a normalized added token cannot be without
  IdPathHandle general_;
};

}  // namespace

IdPathHandle joined_path(const TokenizerParts& parts) {
  const Bpe* model = parts.model.as_bpe();
  if (model == nullptr) return nullptr;
  const std::optional<Rewriting> rewriting = rewriting_of(parts);
  if (!rewriting) return nullptr;
  std::vector<std::pair<std::string, std::uint32_t>> hints;
  for (const std::string& pattern : parts.added.normalized_patterns()) {
    hints.emplace_back(raw_part(pattern), 0);
    if (hints.back().first.empty()) return nullptr;
  }
  const JoinTable* joins = parts.joins();
  if (joins == nullptr) return nullptr;
  return std::make_unique<JoinedPath>(parts, *model, *rewriting, *joins,
                                      PatternSet(std::move(hints)));
}

}  // namespace hfauth::tokenizer
