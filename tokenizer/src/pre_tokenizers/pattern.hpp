// SPDX-License-Identifier: Apache-2.0
//
// What a Split looks for: a literal string, a known pattern with a hand-written matcher, or any
// other regular expression. Each cuts a text into events, matches and the gaps between them.
// Patterns are immutable and may be used by several threads at once.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "pre_tokenizers/scanners.hpp"
#include "pre_tokenizers/split_event.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

using CharacterTest = bool (*)(char32_t) noexcept;

class Pattern {
 public:
  Pattern() = default;
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  Pattern(Pattern&&) = delete;
  Pattern& operator=(Pattern&&) = delete;
  virtual ~Pattern() = default;

  /// Replaces `events` by those of `text` (valid UTF-8, not empty). Errors: regex_limit.
  [[nodiscard]] virtual Result<void> find_events(std::string_view text,
                                                 std::vector<SplitEvent>& events) const = 0;

  /// The hand-written matcher, if it is one.
  [[nodiscard]] virtual std::optional<Scanner> scanner() const { return std::nullopt; }

  /// The regular expression that the engine runs; empty for every other kind.
  [[nodiscard]] virtual std::string_view source() const { return {}; }

  /// The literal that it looks for; empty for every other kind.
  [[nodiscard]] virtual std::string_view literal() const { return {}; }

  /// Whether it matches each character that `wanted` is true for, and nothing else.
  [[nodiscard]] virtual bool matches_each(CharacterTest /*wanted*/) const { return false; }
};

[[nodiscard]] std::unique_ptr<const Pattern> literal_pattern(std::string literal);
[[nodiscard]] std::unique_ptr<const Pattern> scanner_pattern(Scanner scanner);

/// Matches each character that `wanted` is true for.
[[nodiscard]] std::unique_ptr<const Pattern> character_pattern(
    std::function<bool(char32_t)> wanted);
/// Matches runs of word characters and runs of what is neither that nor white space: \w+|[^\w\s]+
/// of the regex crate, whose \w is not Oniguruma's.
[[nodiscard]] std::unique_ptr<const Pattern> word_pattern();

/// Compiles `pattern` for Oniguruma (Ruby syntax, as the reference), with the reference's Unicode
/// version. Errors: corrupt if it is not a pattern, unsupported as with_explicit_classes says.
[[nodiscard]] Result<std::unique_ptr<const Pattern>> oniguruma_pattern(std::string_view pattern);

/// A scanner if the pattern is a known one, else Oniguruma.
[[nodiscard]] Result<std::unique_ptr<const Pattern>> regex_pattern(std::string_view pattern);

}  // namespace hfauth::tokenizer
