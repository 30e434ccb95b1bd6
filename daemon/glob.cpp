// SPDX-License-Identifier: Apache-2.0
//
// Only the last star is ever taken back: whatever an earlier one could still take, the last one can
// take too.
#include "glob.hpp"

#include <algorithm>

namespace hfauth::daemon {

bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // behind the last star
  std::size_t taken_to = 0;                   // what that star has taken ends here
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      taken_to = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star;
      t = ++taken_to;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::size_t literal_length(std::string_view pattern) noexcept {
  return static_cast<std::size_t>(
      std::count_if(pattern.begin(), pattern.end(), [](char c) { return c != '*' && c != '?'; }));
}

bool is_literal(std::string_view pattern) noexcept {
  return literal_length(pattern) == pattern.size();
}

}  // namespace hfauth::daemon
