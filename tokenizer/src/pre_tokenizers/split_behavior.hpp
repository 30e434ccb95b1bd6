// SPDX-License-Identifier: Apache-2.0
//
// The five ways to make pieces of matches and gaps (tokenizers 0.23, tokenizer/normalizer.rs,
// split).
#pragma once

#include "pre_tokenizers/pattern.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

enum class SplitBehavior : std::uint8_t {
  removed,               ///< gaps only
  isolated,              ///< each match and each gap
  merged_with_previous,  ///< a match joins the piece before it, unless that ended with a match
  merged_with_next,      ///< the mirror image
  contiguous,            ///< neighbours of the same kind are joined
};

/// From its name in a tokenizer.json: "Removed", "MergedWithPrevious", ...
[[nodiscard]] std::optional<SplitBehavior> parse_split_behavior(std::string_view name) noexcept;

/// Replaces `pieces` by what `behavior` makes of `events`, without empty pieces.
void apply_split_behavior(SplitBehavior behavior, const std::vector<SplitEvent>& events,
                          std::vector<ByteRange>& pieces);

}  // namespace hfauth::tokenizer
