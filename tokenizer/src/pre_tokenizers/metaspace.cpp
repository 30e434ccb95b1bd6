// SPDX-License-Identifier: Apache-2.0
//
// Metaspace: spaces become a visible character, which words then begin with (tokenizers 0.23,
// pre_tokenizers/metaspace.rs).
#include "normalizers/normalized_text.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Metaspace final : public PreTokenizer {
 public:
  explicit Metaspace(MetaspaceOptions options)
      : options_(std::move(options)),
        spaces_(literal_pattern(" ")),
        replacements_(literal_pattern(options_.replacement)) {}

  Result<void> cut(const Piece& piece, PieceList& out) const override {
    const Piece spelled = spelled_out(piece, out);
    NormalizedText text(spelled);
    const bool begins_text = text.begin() == 0;
    std::vector<SplitEvent> events;
    if (const Result<void> found = spaces_->find_events(text.text(), events); !found)
      return found.error();
    text.replace(events, options_.replacement);
    const bool wanted = options_.prepend_scheme == PrependScheme::always ||
                        (options_.prepend_scheme == PrependScheme::first && begins_text);
    if (wanted && !text.text().starts_with(options_.replacement))
      text.prepend(options_.replacement);
    const Piece whole = text.release(out);
    if (!options_.split) {
      out.pieces.push_back(whole);
      return {};
    }
    if (const Result<void> found = replacements_->find_events(whole.text, events); !found)
      return found.error();
    std::vector<ByteRange> ranges;
    apply_split_behavior(SplitBehavior::merged_with_next, events, ranges);
    for (const ByteRange range : ranges)
      out.pieces.push_back(whole.slice(range));
    return {};
  }

  [[nodiscard]] PreTokenizerShape shape() const override { return {&options_}; }

 private:
  MetaspaceOptions options_;
  std::unique_ptr<const Pattern> spaces_;
  std::unique_ptr<const Pattern> replacements_;
};

}  // namespace

std::unique_ptr<const PreTokenizer> metaspace_pre_tokenizer(MetaspaceOptions options) {
  return std::make_unique<Metaspace>(std::move(options));
}

}  // namespace hfauth::tokenizer
