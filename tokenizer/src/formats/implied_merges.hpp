// SPDX-License-Identifier: Apache-2.0
//
// The merges that a vocabulary without a list of them implies: every way to make a token of two
// others.
#pragma once

#include "models/merge_table.hpp"
#include "models/vocabulary.hpp"
#include "unicode/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct ImpliedMerge {
  TokenId left;
  TokenId right;
  std::uint32_t rank;
  TokenId made;
};

/// Appends a merge for each cut of `text` into two tokens of `known`, the shortest left part first;
/// with `between_characters` only where no character of UTF-8 is cut. Its time is the square of the
/// length. `rank_of()` is asked once for each.
template <class RankOf>
void push_merges(std::string_view text, TokenId made, const Vocabulary& known,
                 bool between_characters, RankOf rank_of, std::vector<ImpliedMerge>& merges) {
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    if (between_characters && unicode::is_continuation(text[cut])) continue;
    const TokenId left = known.find(text.substr(0, cut));
    if (left == kNoToken) continue;
    const TokenId right = known.find(text.substr(cut));
    if (right != kNoToken) merges.push_back({left, right, rank_of(), made});
  }
}

/// A table of `merges`, to all of whose ids `first_id` is added.
[[nodiscard]] inline MergeTable table_of(const std::vector<ImpliedMerge>& merges,
                                         TokenId first_id) {
  MergeTable table(merges.size());
  for (const ImpliedMerge& merge : merges)
    table.set(merge.left + first_id, merge.right + first_id, merge.rank, merge.made + first_id);
  return table;
}

}  // namespace hfauth::tokenizer
