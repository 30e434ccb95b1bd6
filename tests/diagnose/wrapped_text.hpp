// SPDX-License-Identifier: Apache-2.0
//
// A text as a narrow terminal or a log gives it to whoever copies it.
#pragma once

#include <cstddef>
#include <string>

namespace hfauth::testing {

/// Broken after `columns` bytes, in the middle of words.
inline std::string wrapped_at(const std::string& text, std::size_t columns) {
  std::string out;
  std::size_t used = 0;
  for (const char c : text) {
    if (used == columns && c != '\n') {
      out.push_back('\n');
      used = 0;
    }
    out.push_back(c);
    used = c == '\n' ? 0 : used + 1;
  }
  return out;
}

}  // namespace hfauth::testing
