// SPDX-License-Identifier: Apache-2.0
//
// The patterns that need no regular expression engine.
#include "pre_tokenizers/pattern.hpp"

#include "pre_tokenizers/match_walk.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class LiteralPattern final : public Pattern {
 public:
  explicit LiteralPattern(std::string literal) : literal_(std::move(literal)) {}

  Result<void> find_events(std::string_view text, std::vector<SplitEvent>& events) const override {
    return walk_matches(text, events, [&](std::size_t from) -> Result<std::optional<ByteRange>> {
      const std::size_t found = text.find(literal_, from);
      if (found == std::string_view::npos) return std::optional<ByteRange>();
      const auto begin = static_cast<std::uint32_t>(found);
      return std::optional(ByteRange{begin, begin + static_cast<std::uint32_t>(literal_.size())});
    });
  }

 private:
  std::string literal_;
};

class ScannerPattern final : public Pattern {
 public:
  explicit ScannerPattern(Scanner scan) : scanner_(scan) {}

  Result<void> find_events(std::string_view text, std::vector<SplitEvent>& events) const override {
    events.clear();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = scanner_(text, at);
      events.push_back({{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}, true});
      at = end;
    }
    return {};
  }

  std::optional<Scanner> scanner() const override { return scanner_; }

 private:
  Scanner scanner_;
};

}  // namespace

std::unique_ptr<const Pattern> literal_pattern(std::string literal) {
  return std::make_unique<LiteralPattern>(std::move(literal));
}

std::unique_ptr<const Pattern> scanner_pattern(Scanner scanner) {
  return std::make_unique<ScannerPattern>(scanner);
}

Result<std::unique_ptr<const Pattern>> regex_pattern(std::string_view pattern) {
  if (const std::optional<Scanner> scanner = scanner_for(pattern)) return scanner_pattern(*scanner);
  return oniguruma_pattern(pattern);
}

}  // namespace hfauth::tokenizer
