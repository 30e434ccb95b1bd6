// SPDX-License-Identifier: Apache-2.0
//
// Replace: puts a string, taken literally, in place of every match of a pattern. A few in a row can
// make gigabytes of a letter, so there is a limit to what a text may grow to.
#include "normalizers/normalizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// No sensible replacement makes a text this long, and this many times longer, at once.
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;
constexpr std::size_t kMostTimes = 32;

Result<void> check_growth(const std::vector<SplitEvent>& events, std::size_t old_size,
                          std::size_t content_size) {
  const auto n_matches = static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [](const SplitEvent& event) { return event.is_match; }));
  const std::size_t limit = std::max(kMostBytes, old_size * kMostTimes);
  if (content_size == 0 || n_matches <= limit / content_size) return {};
  return Error{
      Errc::invalid_input,
      fmt::format("a Replace of the tokenizer file would make {} times {} bytes of a text of {}",
                  n_matches, content_size, old_size)};
}

class Replace final : public Normalizer {
 public:
  Replace(std::unique_ptr<const Pattern> pattern, std::string content)
      : pattern_(std::move(pattern)), content_(std::move(content)) {}

  Result<void> apply(NormalizedText& text) const override {
    std::vector<SplitEvent> events;
    if (const Result<void> found = pattern_->find_events(text.text(), events); !found)
      return found.error();
    if (const Result<void> fits = check_growth(events, text.text().size(), content_.size()); !fits)
      return fits.error();
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
