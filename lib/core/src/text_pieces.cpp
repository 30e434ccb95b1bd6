// SPDX-License-Identifier: Apache-2.0
//
// Pieces joined in memory of the right size from the start: a string that grows would leave copies
// behind.
#include "hfauth/core/text_pieces.hpp"

#include <algorithm>

namespace hfauth {

Secret joined(const std::vector<std::string_view>& pieces) {
  std::size_t size = 0;
  for (const std::string_view piece : pieces)
    size += piece.size();
  Secret text = Secret::allocate(size);
  auto out = text.writable().begin();
  for (const std::string_view piece : pieces)
    out = std::copy(piece.begin(), piece.end(), out);
  return text;
}

}  // namespace hfauth
