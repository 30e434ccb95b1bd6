// SPDX-License-Identifier: Apache-2.0
//
// Split: cuts at the matches of a pattern, by one of five behaviours; `invert` swaps matches and
// gaps first. (tokenizers 0.23, pre_tokenizers/split.rs.)
#include "pre_tokenizers/pre_tokenizer.hpp"

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

  [[nodiscard]] PreTokenizerShape shape() const override {
    return {SplitShape{pattern_.get(), behavior_, invert_}};
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
