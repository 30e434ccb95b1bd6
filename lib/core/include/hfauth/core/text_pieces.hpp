// SPDX-License-Identifier: Apache-2.0
//
// The pieces of a text: what stands before a separator, what stands between blanks, and pieces put
// together again in guarded memory. Views point into the text that is given and end with it; bytes
// are compared, so a separator or a blank is ASCII. Pure.
#pragma once

#include "hfauth/core/secret.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace hfauth {

/// What ascii::is_space() accepts.
inline constexpr std::string_view kSpaces = " \t\n\v\f\r";

/// What stands before the first `separator` of `rest`, which loses it and the separator; all of
/// `rest` if there is none. The loop over lines: `while (!rest.empty()) take_until(rest, '\n')`, in
/// which a newline at the very end begins no further line.
[[nodiscard]] constexpr std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return piece;
}

/// `text` without `blanks` at its end.
[[nodiscard]] constexpr std::string_view trimmed_end(std::string_view text,
                                                     std::string_view blanks = kSpaces) {
  return text.substr(0, text.find_last_not_of(blanks) + 1);  // npos + 1 is 0
}

/// `text` without `blanks` at its beginning.
[[nodiscard]] constexpr std::string_view trimmed_begin(std::string_view text,
                                                       std::string_view blanks = kSpaces) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text;
}

/// `text` without `blanks` at both ends.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text,
                                                 std::string_view blanks = kSpaces) {
  return trimmed_begin(trimmed_end(text, blanks), blanks);
}

/// The pieces one behind the other, in guarded memory alone.
[[nodiscard]] Secret joined(const std::vector<std::string_view>& pieces);

}  // namespace hfauth
