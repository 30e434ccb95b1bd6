// SPDX-License-Identifier: Apache-2.0
//
// Split: cuts at the matches of a pattern, by one of five behaviours; `invert` swaps matches and
// gaps first. (tokenizers 0.23, pre_tokenizers/split.rs.)
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "unicode/character_class.hpp"
#include "unicode/mappings.hpp"

namespace hfauth::tokenizer {

namespace {

class Split final : public PreTokenizer {
 public:
  Split(std::unique_ptr<const Pattern> pattern, SplitBehavior behavior, bool invert)
      : pattern_(std::move(pattern)), behavior_(behavior), invert_(invert) {}

  Result<void> cut(const Piece& piece, PieceList& out) const override {
    const Piece whole = spelled_out(piece, out);
    std::vector<SplitEvent> events;
    if (const Result<void> found = pattern_->find_events(whole.text, events); !found)
      return found.error();
    if (invert_) {
      for (SplitEvent& event : events)
        event.is_match = !event.is_match;
    }
    std::vector<ByteRange> ranges;
    apply_split_behavior(behavior_, events, ranges);
    for (const ByteRange range : ranges)
      out.pieces.push_back(whole.slice(range));
    return {};
  }

  /// A scanner leaves no gaps, so what it matches is kept by exactly these two.
  [[nodiscard]] std::optional<Scanner> as_scanner() const override {
    const bool keeps_matches =
        behavior_ == SplitBehavior::isolated || (behavior_ == SplitBehavior::removed && invert_);
    return keeps_matches ? pattern_->scanner() : std::nullopt;
  }

  [[nodiscard]] std::string_view isolated_source() const override {
    return behavior_ == SplitBehavior::isolated ? pattern_->source() : std::string_view();
  }

  [[nodiscard]] PreTokenizerShape shape() const override {
    using Kind = PreTokenizerShape::Kind;
    if (invert_) return {};
    if (pattern_->literal() == " ") return {Kind::space_split};
    if (behavior_ == SplitBehavior::removed && pattern_->matches_each(unicode::is_space))
      return {Kind::white_space_split};
    if (behavior_ == SplitBehavior::isolated && pattern_->matches_each(unicode::is_punctuation))
      return {Kind::punctuation_split};
    return {};
  }

 private:
  std::unique_ptr<const Pattern> pattern_;
  SplitBehavior behavior_;
  bool invert_;
};

}  // namespace

std::unique_ptr<const PreTokenizer> split_pre_tokenizer(std::unique_ptr<const Pattern> pattern,
                                                        SplitBehavior behavior, bool invert) {
  return std::make_unique<Split>(std::move(pattern), behavior, invert);
}

}  // namespace hfauth::tokenizer
