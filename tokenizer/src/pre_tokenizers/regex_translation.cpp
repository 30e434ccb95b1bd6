// SPDX-License-Identifier: Apache-2.0
//
// One pass over the pattern. It only has to know escapes, bracket depth and group openings;
// everything else is copied. A class becomes a nested set, [a-b...] or [^a-b...], which Oniguruma's
// Ruby syntax accepts outside and inside of brackets (also as an operand of &&). Outside it is
// wrapped in (?-i:...), because a property is exempt from case folding there while a bracketed set
// is not. \s stays: all engines agree on white space. Oniguruma 6.9 doc/RE lists the syntax.
#include "pre_tokenizers/regex_translation.hpp"

#include "pre_tokenizers/grapheme_pattern.hpp"
#include "unicode/character_class.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace hfauth::tokenizer {

namespace {

class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  Result<std::string> run() {
    while (at_ < pattern_.size()) {
      const Result<void> step = next();
      if (!step) return step.error();
    }
    return std::move(out_);
  }

 private:
  Result<void> next() {
    const char c = pattern_[at_];
    if (c == '\\') return escape();
    if (c == '(' && depth_ == 0) return group();
    if (c == '[') {
      if (depth_ > 0 && pattern_.substr(at_).starts_with("[:")) return posix_bracket();
      ++depth_;
      copy(pattern_.substr(at_).starts_with("[^") ? 2 : 1);
      // A bracket right after the opening one is a literal.
      if (at_ < pattern_.size() && pattern_[at_] == ']') copy_escaped_bracket();
      return {};
    }
    if (c == ']' && depth_ > 0) --depth_;
    copy(1);
    return {};
  }

  Result<void> escape() {
    if (at_ + 1 >= pattern_.size()) return Error{Errc::corrupt, "pattern ends after a backslash"};
    const char c = pattern_[at_ + 1];
    switch (c) {
      case 'p':
      case 'P':
        return property(c == 'P');
      case 'd':
      case 'D':
        return put_class("digit", c == 'D', 2);
      case 'w':
      case 'W':
        return put_class("word", c == 'W', 2);
      case 'b':
      case 'B':
        if (depth_ > 0) break;  // a backspace
        return word_boundary(c == 'B');
      case 'X':
        if (depth_ > 0) break;
        out_ += grapheme_cluster_pattern();
        at_ += 2;
        return {};
      case 'y':
      case 'Y':
        if (depth_ > 0) break;
        return unsupported(fmt::format("\\{}", c));
      default:
        break;
    }
    copy(2);
    return {};
  }

  Result<void> property(bool negated) {
    const std::size_t close = pattern_.find('}', at_);
    if (at_ + 2 >= pattern_.size() || pattern_[at_ + 2] != '{' || close == std::string_view::npos) {
      return Error{Errc::corrupt, "\\p without {name}"};
    }
    std::string_view name = pattern_.substr(at_ + 3, close - at_ - 3);
    if (name.starts_with('^')) {
      negated = !negated;
      name.remove_prefix(1);
    }
    return put_class(name, negated, close + 1 - at_);
  }

  Result<void> posix_bracket() {
    const std::size_t close = pattern_.find(":]", at_);
    if (close == std::string_view::npos) return Error{Errc::corrupt, "[: without :]"};
    std::string_view name = pattern_.substr(at_ + 2, close - at_ - 2);
    const bool negated = name.starts_with('^');
    if (negated) name.remove_prefix(1);
    if (name == "xdigit" || name == "ascii") {  // ASCII only, whatever the version
      copy(close + 2 - at_);
      return {};
    }
    if (!is_posix_name(name)) return unsupported(fmt::format("[:{}:]", name));
    return put_class(name, negated, close + 2 - at_);
  }

  static bool is_posix_name(std::string_view name) {
    static constexpr std::string_view kNames[] = {"alnum", "alpha", "blank", "cntrl",
                                                  "digit", "graph", "lower", "print",
                                                  "punct", "space", "upper", "word"};
    return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
  }

  Result<void> put_class(std::string_view name, bool negated, std::size_t n_source) {
    const auto ranges = unicode::ranges_of_property(name);
    if (!ranges) return unsupported(fmt::format("\\p{{{}}}", name));
    if (depth_ == 0) out_ += "(?-i:";
    put_set(*ranges, negated, loses_latin1_numbers(name));
    if (depth_ == 0) out_ += ')';
    at_ += n_source;
    return {};
  }

  /// Oniguruma has two ideas of a word character: \w on its own and \b take in the six superscripts
  /// and fractions of Latin-1, while \w in brackets and the properties do not (seen in the recorded
  /// answers).
  [[nodiscard]] bool loses_latin1_numbers(std::string_view name) const {
    const char escape = at_ + 1 < pattern_.size() ? pattern_[at_ + 1] : '\0';
    const bool on_its_own = depth_ == 0 && (escape == 'w' || escape == 'W');
    return unicode::ranges_of_property(name)->data() == unicode::tables::kClassWord.data() &&
           !on_its_own;
  }

  static bool is_latin1_number(char32_t c) {
    return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0xBC && c <= 0xBE);
  }

  /// With `without_latin1_numbers`, only for the ranges of \w, those are cut from the ends of
  /// ranges.
  void put_set(std::span<const unicode::tables::Range> ranges, bool negated,
               bool without_latin1_numbers) {
    out_ += negated ? "[^" : "[";
    for (auto [first, last] : ranges) {
      if (without_latin1_numbers) {
        while (first <= last && is_latin1_number(first))
          ++first;
        while (first <= last && is_latin1_number(last))
          --last;
        if (first > last) continue;
      }
      fmt::format_to(std::back_inserter(out_), "\\x{{{:x}}}-\\x{{{:x}}}",
                     static_cast<unsigned>(first), static_cast<unsigned>(last));
    }
    out_ += ']';
  }

  Result<void> word_boundary(bool negated) {
    std::string word;
    std::swap(word, out_);
    put_set(unicode::tables::kClassWord, false, false);
    std::swap(word, out_);
    out_ += negated ? fmt::format("(?-i:(?<={0})(?={0})|(?<!{0})(?!{0}))", word)
                    : fmt::format("(?-i:(?<={0})(?!{0})|(?<!{0})(?={0}))", word);
    at_ += 2;
    return {};
  }

  /// At "(": options other than i and m would change what the classes mean, or what is a comment.
  Result<void> group() {
    const std::string_view rest = pattern_.substr(at_);
    if (rest.starts_with("(?#")) {
      const std::size_t close = rest.find(')');
      if (close == std::string_view::npos) return Error{Errc::corrupt, "(?# without )"};
      at_ += close + 1;
      return {};
    }
    if (!rest.starts_with("(?")) {
      copy(1);
      return {};
    }
    std::size_t end = 2;
    while (end < rest.size() && ((rest[end] >= 'a' && rest[end] <= 'z') || rest[end] == '-' ||
                                 (rest[end] >= 'A' && rest[end] <= 'Z'))) {
      ++end;
    }
    const std::string_view options = rest.substr(2, end - 2);
    if (const auto bad = options.find_first_not_of("im-"); bad != std::string_view::npos) {
      return unsupported(fmt::format("option ?{}", options[bad]));
    }
    copy(end);
    return {};
  }

  static Error unsupported(const std::string& what) {
    return {Errc::unsupported, fmt::format("not supported yet: {} in a regular expression", what)};
  }

  void copy(std::size_t n) {
    out_ += pattern_.substr(at_, n);
    at_ += n;
  }

  void copy_escaped_bracket() {
    out_ += "\\]";
    ++at_;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

Result<std::string> with_explicit_classes(std::string_view pattern) {
  return Translator(pattern).run();
}

}  // namespace hfauth::tokenizer
