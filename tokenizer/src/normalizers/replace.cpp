// SPDX-License-Identifier: Apache-2.0
//
// Replace: puts a string, taken literally, in place of every match of a pattern.
#include "normalizers/normalizer.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Replace final : public Normalizer {
 public:
  Replace(std::unique_ptr<const Pattern> pattern, std::string content)
      : pattern_(std::move(pattern)), content_(std::move(content)) {}

  Result<void> apply(NormalizedText& text) const override {
    std::vector<SplitEvent> events;
    if (const Result<void> found = pattern_->find_events(text.text(), events); !found)
      return found.error();
    text.replace(events, content_);
    return {};
  }

  [[nodiscard]] NormalizerShape shape() const override {
    if (pattern_->literal() != " " || content_ != "\u2581") return {};
    return SpaceMarking{.replaces = true};
  }

 private:
  std::unique_ptr<const Pattern> pattern_;
  std::string content_;
};

}  // namespace

NormalizerHandle replace_normalizer(std::unique_ptr<const Pattern> pattern, std::string content) {
  return std::make_unique<Replace>(std::move(pattern), std::move(content));
}

}  // namespace hfauth::tokenizer
