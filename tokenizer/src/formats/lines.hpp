// SPDX-License-Identifier: Apache-2.0
//
// The lines of a text file.
#pragma once

#include <algorithm>
#include <string_view>

namespace hfauth::tokenizer {

/// The first line of `rest`, without its end; `rest` loses both. A line end at the very end of a
/// text begins no further line.
[[nodiscard]] inline std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

}  // namespace hfauth::tokenizer
