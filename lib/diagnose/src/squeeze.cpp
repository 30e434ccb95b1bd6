// SPDX-License-Identifier: Apache-2.0
//
// One pass over each line: prefix off, escapes undone into a scratch line, then a copy without
// white space, control sequences (ECMA-48 CSI and OSC) and box-drawing characters (the panels of
// Python's "rich" tracebacks).
#include "squeeze.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace hfauth::diagnose {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view skip_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  return text;
}

// Whether `text` begins like `shape`, in which 9 stands for a digit, A for a letter, _ for a digit
// or a space.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) {
    return false;
  }
  return std::equal(shape.begin(), shape.end(), text.begin(), [](char want, char have) {
    switch (want) {
      case '9':
        return is_digit(have);
      case 'A':
        return is_alpha(have);
      case '_':
        return is_digit(have) || have == ' ';
      default:
        return want == have;
    }
  });
}

// "2026-11-22T10:00:00.123Z stderr F text" (Kubernetes, docker logs -t), "Nov 22 10:00:00 host
// unit[1]: text" (journal).
std::string_view without_timestamp(std::string_view line) {
  if (has_shape(line, "9999-99-99T99:99:99")) {
    const std::size_t end = line.find(' ');
    if (end == std::string_view::npos) {
      return line;
    }
    line = skip_spaces(line.substr(end));
    for (const std::string_view stream : {"stderr F ", "stdout F ", "stderr P ", "stdout P "}) {
      if (line.starts_with(stream)) {
        return line.substr(stream.size());
      }
    }
    return line;
  }
  if (has_shape(line, "AAA _9 99:99:99 ")) {
    const std::size_t end = line.find("]: ");
    return end != std::string_view::npos && end < 160 ? line.substr(end + 3) : line;
  }
  return line;
}

// "web-1  | text" (docker compose).
std::string_view without_service(std::string_view line) {
  static constexpr std::size_t kLongestServiceName = 64;
  std::size_t name = 0;
  while (name < line.size() && name < kLongestServiceName &&
         (is_alpha(line[name]) || is_digit(line[name]) || line[name] == '-' || line[name] == '_' ||
          line[name] == '.')) {
    ++name;
  }
  if (name == 0) {
    return line;
  }
  const std::string_view rest = skip_spaces(line.substr(name));
  return rest.size() != line.size() - name && rest.starts_with("| ") ? rest.substr(2) : line;
}

// "ERROR:root:text" (Python's logging as it comes), "2026-11-22 10:00:00,123 - app - ERROR - text".
std::string_view without_level(std::string_view line) {
  static constexpr std::size_t kLongestLoggerName = 80;
  for (const std::string_view level : {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}) {
    if (line.size() > level.size() && line.starts_with(level) && line[level.size()] == ':') {
      const std::size_t end = line.find(':', level.size() + 1);
      const std::string_view name =
          line.substr(0, end).substr(std::min(level.size() + 1, line.size()));
      const bool is_name = end != std::string_view::npos && name.size() <= kLongestLoggerName &&
                           name.find_first_of(" \"'{") == std::string_view::npos;
      return is_name ? line.substr(end + 1) : line;
    }
  }
  return line;
}

bool is_mark(char c) {
  return std::string_view(":|])>-").find(c) != std::string_view::npos;
}

// The length of the beginning that a line shares with the one before it, a digit being like any
// other, as far as it may be what a program put in front of both ("[rank0]: ", "worker-0: ",
// "10:00:00.123 | ", pytest's "E       "): up to a mark with a space behind it, or to two spaces. A
// sentence that is repeated is no prefix; it has more words in a row.
std::size_t common_prefix(std::string_view line, std::string_view before) {
  static constexpr std::size_t kLongestPrefix = 96;
  static constexpr std::size_t kMostWords = 3;
  // Spaces at the end of a line are often cut, so each is read as if more of them followed.
  const auto at = [](std::string_view text, std::size_t i) {
    return i < text.size() ? text[i] : ' ';
  };
  std::size_t words = 0;
  std::size_t length = 0;
  char last = '\0';
  for (std::size_t i = 0; i < kLongestPrefix && i <= line.size() + 1; ++i) {
    const char c = at(line, i);
    const char want = at(before, i);
    if (c != want && !(is_digit(c) && is_digit(want))) {
      break;
    }
    if (is_alpha(c)) {
      words += is_alpha(last) ? 0 : 1;
    } else if (c != ' ' && !is_digit(c)) {
      words = 0;
    }
    if (words > kMostWords) {
      break;
    }
    const bool is_there = i < line.size() || i < before.size();  // else a short line said twice
    if (c == ' ' && (is_mark(last) || (last == ' ' && is_there))) {
      length = i + 1;
    }
    last = c;
  }
  return std::min(length, line.size());
}

std::string_view without_prefix(std::string_view line) {
  line = skip_spaces(line);
  while (!line.empty() && (line.front() == '>' || line.front() == '|')) {
    line = skip_spaces(line.substr(1));
  }
  return without_level(without_service(without_timestamp(line)));
}

std::optional<unsigned> hex_value(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) {
      return std::nullopt;
    }
    const int digit =
        is_digit(c) ? c - '0' : (std::tolower(static_cast<unsigned char>(c)) - 'a') + 10;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value;
}

// What the escape at the start of `text` (which begins with a backslash) stands for, and its
// length; length 0: none.
std::pair<char, std::size_t> read_escape(std::string_view text) {
  if (text.size() < 2) {
    return {'\\', 0};
  }
  switch (text[1]) {
    case 'n':
    case 'r':
    case 't':
      // Inside a Python representation, b'Bearer ...\n', it is part of the message.
      return text.size() > 2 && text[2] == '\'' ? std::pair{'\\', std::size_t{0}}
                                                : std::pair{' ', std::size_t{2}};
    case '"':
    case '\'':
    case '`':
    case '/':
      return {text[1], 2};
    case 'e':
      return text.size() > 2 && text[2] == '[' ? std::pair{'\x1b', std::size_t{2}}
                                               : std::pair{'\\', std::size_t{0}};
    case 'x':
    case 'u': {
      const std::size_t digits = text[1] == 'x' ? 2 : 4;
      const std::optional<unsigned> value =
          text.size() >= 2 + digits ? hex_value(text.substr(2, digits)) : std::nullopt;
      return value && *value < 0x80 ? std::pair{static_cast<char>(*value), 2 + digits}
                                    : std::pair{'\\', std::size_t{0}};
    }
    default:
      return {'\\', 0};
  }
}

std::string unescape(std::string_view line) {
  std::string out;
  out.reserve(line.size());
  for (std::size_t i = 0; i < line.size();) {
    const auto [character, length] =
        line[i] == '\\' ? read_escape(line.substr(i)) : std::pair{line[i], std::size_t{1}};
    out.push_back(character);
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

// The length of the control sequence at the start of `text`, which begins with ESC.
std::size_t control_sequence_length(std::string_view text) {
  if (text.size() < 2) {
    return 1;
  }
  if (text[1] == '[') {
    std::size_t i = 2;
    while (i < text.size() && (text[i] < '@' || text[i] > '~')) {
      ++i;
    }
    return std::min(i + 1, text.size());
  }
  if (text[1] == ']') {
    const std::size_t end = text.find_first_of("\a\x1b", 2);
    return end == std::string_view::npos
               ? text.size()
               : end + (text[end] == '\x1b' && end + 1 < text.size() ? 2 : 1);
  }
  return 2;
}

// U+2500 to U+257F, U+FEFF, U+200B and typographic quotes: their length, and what stays of them (0:
// nothing).
std::pair<std::size_t, char> read_ornament(std::string_view text) {
  if (text.size() < 3) {
    return {0, '\0'};
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  if (text[0] == '\xE2' && (second == 0x94 || second == 0x95)) {
    return {3, '\0'};
  }
  if (text[0] == '\xE2' && second == 0x80) {
    if (third == 0x8B) {
      return {3, '\0'};
    }
    if (third == 0x98 || third == 0x99) {
      return {3, '\''};
    }
    if (third == 0x9C || third == 0x9D) {
      return {3, '"'};
    }
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return {3, '\0'};
  }
  return {0, '\0'};
}

}  // namespace

void Squeezer::squeeze_line(std::string_view line) {
  static constexpr std::size_t kKeptOfLine = 128;  // longer than any prefix
  if (!open_line_) {
    const std::size_t prefix = common_prefix(line, previous_);
    previous_ = line.substr(0, kKeptOfLine);
    line.remove_prefix(prefix);
  }
  line = without_prefix(line);
  std::string unescaped;
  if (line.find('\\') != std::string_view::npos) {
    unescaped = unescape(line);
    line = unescaped;
  }
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    if (c == '\x1b') {
      i += control_sequence_length(line.substr(i));
    } else if (c == '\xE2' || c == '\xEF') {
      const auto [length, stays] = read_ornament(line.substr(i));
      if (length == 0) {
        bytes_.push_back(c);
      } else if (stays != '\0') {
        bytes_.push_back(stays);
      }
      i += std::max<std::size_t>(length, 1);
    } else {
      if (!is_space(c)) {
        bytes_.push_back(c);
      }
      ++i;
    }
  }
}

void Squeezer::feed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\n\r");
    if (!open_line_) {
      const std::size_t offset = base_ + bytes_.size();
      if (!line_starts_.empty() && line_starts_.back().first == offset) {
        line_starts_.pop_back();  // a line that left nothing, so that a flood of empty lines takes
                                  // no memory
      }
      line_starts_.emplace_back(offset, finished_lines_ + 1);
    }
    squeeze_line(text.substr(0, end));
    if (end == std::string_view::npos) {
      open_line_ = true;
      return;
    }
    // A lone CR redraws the line (progress bars): the same line as far as its number goes.
    const bool ends_line = text[end] == '\n';
    finished_lines_ += ends_line ? 1 : 0;
    open_line_ = !ends_line;
    text.remove_prefix(end + 1);
  }
}

void Squeezer::forget_before(std::size_t offset) {
  if (offset <= base_) {
    return;
  }
  const std::size_t count = std::min(offset - base_, bytes_.size());
  bytes_.erase(0, count);
  base_ += count;
  while (line_starts_.size() > 1 && line_starts_[1].first <= base_) {
    line_starts_.pop_front();
  }
}

std::size_t Squeezer::line_of(std::size_t offset) const {
  const auto after =
      std::upper_bound(line_starts_.begin(), line_starts_.end(), offset,
                       [](std::size_t wanted, const auto& start) { return wanted < start.first; });
  return after == line_starts_.begin() ? 1 : std::prev(after)->second;
}

}  // namespace hfauth::diagnose
