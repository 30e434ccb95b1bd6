// SPDX-License-Identifier: Apache-2.0
//
// The patterns that need no regular expression engine.
#include "pre_tokenizers/pattern.hpp"

#include "pre_tokenizers/match_walk.hpp"
#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

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

  [[nodiscard]] std::string_view literal() const override { return literal_; }

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
      const bool is_gap =
          scanner_.leaves_spaces && unicode::is_space(unicode::decode_at(text, at).code_point);
      events.push_back(
          {{static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}, !is_gap});
      at = end;
    }
    return {};
  }

  [[nodiscard]] std::optional<Scanner> scanner() const override { return scanner_; }

 private:
  Scanner scanner_;
};

/// Cuts where the kind of characters changes; `kind_of(code_point)` is 0 for those that match
/// nothing. With `run_together`, neighbours of one kind are one match.
template <class KindOf>
void find_by_kind(std::string_view text, bool run_together, KindOf kind_of,
                  std::vector<SplitEvent>& events) {
  events.clear();
  int last_kind = 0;
  for (std::size_t at = 0; at < text.size();) {
    const unicode::Decoded next = unicode::decode_at(text, at);
    const auto begin = static_cast<std::uint32_t>(at);
    at += next.n_bytes;
    const auto end = static_cast<std::uint32_t>(at);
    const int kind = kind_of(next.code_point);
    if (!events.empty() && kind == last_kind && (kind == 0 || run_together)) {
      events.back().range.end = end;
    } else {
      events.push_back({{begin, end}, kind != 0});
    }
    last_kind = kind;
  }
}

class CharacterPattern final : public Pattern {
 public:
  explicit CharacterPattern(std::function<bool(char32_t)> wanted) : wanted_(std::move(wanted)) {}

  Result<void> find_events(std::string_view text, std::vector<SplitEvent>& events) const override {
    find_by_kind(
        text, false, [this](char32_t c) { return wanted_(c) ? 1 : 0; }, events);
    return {};
  }

  [[nodiscard]] bool matches_each(CharacterTest wanted) const override {
    const CharacterTest* own = wanted_.target<CharacterTest>();
    return own != nullptr && *own == wanted;
  }

 private:
  std::function<bool(char32_t)> wanted_;
};

class WordPattern final : public Pattern {
 public:
  Result<void> find_events(std::string_view text, std::vector<SplitEvent>& events) const override {
    const auto kind_of = [](char32_t c) {
      if (unicode::is_word(c)) return 1;
      return unicode::is_space(c) ? 0 : 2;
    };
    find_by_kind(text, true, kind_of, events);
    return {};
  }
};

}  // namespace

std::unique_ptr<const Pattern> character_pattern(std::function<bool(char32_t)> wanted) {
  return std::make_unique<CharacterPattern>(std::move(wanted));
}

std::unique_ptr<const Pattern> word_pattern() {
  return std::make_unique<WordPattern>();
}

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
