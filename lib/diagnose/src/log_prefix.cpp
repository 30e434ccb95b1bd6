// SPDX-License-Identifier: Apache-2.0
//
// Shapes of prefixes as docker, Kubernetes, journald, Python's logging, CI services and chats write
// them.
#include "log_prefix.hpp"

#include "hfauth/core/ascii.hpp"

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view skip_spaces(std::string_view text) {
  while (!text.empty() && ascii::is_space(text.front())) {
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

constexpr std::array<std::string_view, 6> kLevels{"WARNING", "WARN",  "INFO",
                                                  "ERROR",   "DEBUG", "CRITICAL"};

// "WARNING text", "[WARNING] text", "- app - ERROR - text" behind a time.
std::string_view without_bare_level(std::string_view line) {
  const std::string_view inner = line.starts_with("[") ? line.substr(1) : line;
  for (const std::string_view level : kLevels) {
    if (inner.starts_with(level)) {
      std::string_view rest = inner.substr(level.size());
      if (rest.starts_with("]") || rest.starts_with(":")) {
        rest.remove_prefix(1);
      }
      return !rest.empty() && ascii::is_space(rest.front()) ? skip_spaces(rest) : line;
    }
  }
  return line;
}

// "2026-11-22T10:00:00.123Z stderr F text" (Kubernetes, docker logs -t), "2026-11-22 10:00:00,123
// WARNING text", "Nov 22 10:00:00 host unit[1]: text" (journal).
std::string_view without_timestamp(std::string_view line) {
  if (has_shape(line, "9999-99-99T99:99:99") || has_shape(line, "9999-99-99 99:99:99")) {
    static constexpr std::size_t kSeconds = 19;
    const std::size_t end = line.find(' ', kSeconds);
    if (end == std::string_view::npos) {
      return line;
    }
    line = skip_spaces(line.substr(end));
    for (const std::string_view stream : {"stderr F ", "stdout F ", "stderr P ", "stdout P "}) {
      if (line.starts_with(stream)) {
        return line.substr(stream.size());
      }
    }
    return without_bare_level(line);
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
  if (line.empty() || line.front() < 'C' || line.front() > 'W') {
    return line;  // no level begins so; most lines end here
  }
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
  return c == ':' || c == '|' || c == ']' || c == ')' || c == '>' || c == '-';
}

}  // namespace

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
  static constexpr int kMostOfThem = 3;  // Kubernetes around docker around Python's logging
  for (int i = 0; i < kMostOfThem; ++i) {
    const std::size_t before = line.size();
    line = skip_spaces(line);
    while (!line.empty() && (line.front() == '>' || line.front() == '|')) {
      line = skip_spaces(line.substr(1));
    }
    line = without_level(without_service(without_timestamp(line)));
    if (line.size() == before) {
      break;
    }
  }
  return line;
}

}  // namespace hfauth::diagnose
