// SPDX-License-Identifier: Apache-2.0
//
// `truncation` and `padding` of a tokenizer: how long an encoding may be, and how long it has to
// be.
#pragma once

#include "draft.hpp"
#include "hfauth/tokenizer/error.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hfauth::tokenizer {

struct Truncation {
  enum class Strategy : std::uint8_t { longest_first, only_first, only_second };

  std::uint64_t max_length = 512;  ///< with the tokens that the post-processor adds
  std::uint64_t stride = 0;
  Strategy strategy = Strategy::longest_first;
  Side side = Side::right;  ///< where tokens are cut off
};

struct Padding {
  std::optional<std::uint64_t> length = std::nullopt;  ///< none: that of the longest of a batch
  std::uint64_t multiple = 0;                          ///< rounded up to a multiple; 0: as it is
  PadToken with = {};
  Side side = Side::right;
};

/// Cuts one draft or two down to `truncation`, `n_added` tokens being still to come. Errors:
/// invalid_input if the strategy cannot cut enough, or names a second text that there is not.
[[nodiscard]] Result<void> truncate(std::vector<Draft>& drafts, const Truncation& truncation,
                                    std::size_t n_added);

/// Makes all drafts of a batch as long as each other or as the file says.
void pad(std::span<Draft> drafts, const Padding& padding);

}  // namespace hfauth::tokenizer
