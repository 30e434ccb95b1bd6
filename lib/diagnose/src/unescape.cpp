// SPDX-License-Identifier: Apache-2.0
//
// One pass over the line. Only tags that HTML has are taken out: "<your_token>" is part of a
// message.
#include "unescape.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/hex.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace hfauth::diagnose {
namespace {

// What an escape stands for, and its length; length 0: it is none.
struct Escape {
  char stands_for;
  std::size_t length;
};

constexpr Escape kNone{'\0', 0};

std::optional<unsigned> value_of(std::string_view digits, unsigned base) {
  unsigned value = 0;
  for (const char c : digits) {
    const std::optional<unsigned> digit = hex::digit(c);
    if (!digit || *digit >= base) {
      return std::nullopt;
    }
    value = value * base + *digit;
  }
  return digits.empty() ? std::nullopt : std::optional(value);
}

// `text` begins with a backslash. Of several in a row (JSON within JSON) all belong to the escape.
Escape read_backslash(std::string_view text) {
  const std::size_t run = std::min(text.find_first_not_of('\\'), text.size());
  if (run == text.size()) {
    return kNone;
  }
  switch (text[run]) {
    case 'n':
    case 'r':
    case 't':
      // Inside a Python representation, b'Bearer ...\n', it is part of the message.
      return text.size() > run + 1 && text[run + 1] == '\''
                 ? kNone
                 : Escape{text[run] == 'n' ? '\n' : ' ', run + 1};
    case '"':
    case '\'':
    case '`':
    case '/':
      return {text[run], run + 1};
    case 'e':
      return text.size() > run + 1 && text[run + 1] == '[' ? Escape{'\x1b', run + 1} : kNone;
    case 'x':
    case 'u': {
      const std::size_t digits = text[run] == 'x' ? 2 : 4;
      const std::optional<unsigned> value = text.size() >= run + 1 + digits
                                                ? value_of(text.substr(run + 1, digits), 16)
                                                : std::nullopt;
      return value && *value < 0x80 ? Escape{static_cast<char>(*value), run + 1 + digits} : kNone;
    }
    default:
      return kNone;
  }
}

// `text` begins with "&".
Escape read_entity(std::string_view text) {
  static constexpr std::size_t kLongest = 8;
  const std::size_t end = text.substr(0, kLongest + 1).find(';');
  if (end == std::string_view::npos) {
    return kNone;
  }
  const std::string_view name = text.substr(1, end - 1);
  static constexpr std::array<std::pair<std::string_view, char>, 7> kNames{{{"lt", '<'},
                                                                            {"gt", '>'},
                                                                            {"amp", '&'},
                                                                            {"quot", '"'},
                                                                            {"apos", '\''},
                                                                            {"grave", '`'},
                                                                            {"nbsp", ' '}}};
  for (const auto& [known, stands_for] : kNames) {
    if (name == known) {
      return {stands_for, end + 1};
    }
  }
  if (!name.starts_with("#")) {
    return kNone;
  }
  const bool hex = name.substr(1).starts_with("x") || name.substr(1).starts_with("X");
  const std::optional<unsigned> value = value_of(name.substr(hex ? 2 : 1), hex ? 16 : 10);
  static constexpr unsigned kNoBreakSpace = 160;
  if (!value || (*value >= 0x80 && *value != kNoBreakSpace)) {
    return kNone;
  }
  return {*value == kNoBreakSpace ? ' ' : static_cast<char>(*value), end + 1};
}

// The length of an HTML tag at the start of `text`, which begins with "<"; 0: it is none.
std::size_t tag_length(std::string_view text) {
  static constexpr std::size_t kLongest = 512;
  static constexpr std::array<std::string_view, 26> kTags{
      "a",    "b",      "body",  "br",    "code", "div", "em", "font", "h1",
      "h2",   "h3",     "html",  "i",     "li",   "ol",  "p",  "pre",  "s",
      "span", "strong", "table", "tbody", "td",   "th",  "tr", "ul"};
  std::size_t at = text.size() > 1 && text[1] == '/' ? 2 : 1;
  const std::size_t begin = at;
  while (at < text.size() && at < begin + 8 && ascii::is_alnum(text[at])) {
    ++at;
  }
  std::string name(text.substr(begin, at - begin));
  std::transform(name.begin(), name.end(), name.begin(), ascii::lower);
  if (std::find(kTags.begin(), kTags.end(), name) == kTags.end()) {
    return 0;
  }
  const std::size_t end = text.substr(0, kLongest).find('>', at);
  const bool has_more = end != std::string_view::npos && end != at;
  return end == std::string_view::npos || (has_more && text[at] != ' ' && text[at] != '/')
             ? 0
             : end + 1;
}

}  // namespace

std::string unescape(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t i = 0; i < line.size();) {
    const std::string_view rest = line.substr(i);
    if (rest.front() == '<') {
      if (const std::size_t length = tag_length(rest); length != 0) {
        if (rest.starts_with("<br") || rest.starts_with("<BR")) {
          out.push_back('\n');
        }
        i += length;
        continue;
      }
    }
    const Escape escape = rest.front() == '\\'  ? read_backslash(rest)
                          : rest.front() == '&' ? read_entity(rest)
                                                : kNone;
    out.push_back(escape.length == 0 ? rest.front() : escape.stands_for);
    i += std::max<std::size_t>(escape.length, 1);
  }
  return out;
}

std::string_view without_array_quotes(std::string_view line) {
  std::string_view text = line;
  while (!text.empty() && ascii::is_space(text.back())) {
    text.remove_suffix(1);
  }
  while (!text.empty() && ascii::is_space(text.front())) {
    text.remove_prefix(1);
  }
  if (text.ends_with(",")) {
    text.remove_suffix(1);
  }
  if (text.size() < 4 || text.front() != '"' || !text.ends_with("\\n\"")) {
    return line;
  }
  return text.substr(1, text.size() - 4);
}

}  // namespace hfauth::diagnose
