// SPDX-License-Identifier: Apache-2.0
//
// The walk from match to match that makes events of a text, with the reference's rule for empty
// matches: one right behind the last match is not taken, and the search goes on a character later
// (rust-onig 6.5, find_iter; tokenizers 0.23, tokenizer/pattern.rs).
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "unicode/utf8.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

/// `search(from)` gives a Result<optional<ByteRange>>: the first match at or after byte `from` <=
/// size.
template <class Search>
[[nodiscard]] Result<void> walk_matches(std::string_view text, std::vector<SplitEvent>& events,
                                        Search search) {
  events.clear();
  std::uint32_t covered = 0;
  std::size_t from = 0;
  std::optional<std::uint32_t> last_match_end;
  const auto size = static_cast<std::uint32_t>(text.size());
  while (from <= text.size()) {
    const Result<std::optional<ByteRange>> found = search(from);
    if (!found) return found.error();
    if (!found->has_value()) break;
    const ByteRange match = **found;
    if (match.begin == match.end && last_match_end == match.end) {
      from += from < text.size() ? unicode::decode_at(text, from).n_bytes : 1;
      continue;
    }
    from = match.end;
    last_match_end = match.end;
    if (covered != match.begin) events.push_back({{covered, match.begin}, false});
    events.push_back({match, true});
    covered = match.end;
  }
  if (covered != size) events.push_back({{covered, size}, false});
  return {};
}

}  // namespace hfauth::tokenizer
