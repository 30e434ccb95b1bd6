// SPDX-License-Identifier: Apache-2.0
//
// A vocabulary of byte strings that merge by rank, as tiktoken has it: any two neighbours that
// together spell a token merge, the token of the lowest rank first. Read from .tiktoken files and
// tekken.json.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "models/bpe.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct RankedToken {
  std::string bytes;
  std::uint32_t rank = 0;
};

/// A longer token is refused: finding all ways to make it takes the square of its length. The
/// longest in use has some 200 bytes.
inline constexpr std::size_t kLongestRankedToken = 1000;

/// The model of `tokens`, whose ids are their ranks and `first_id` more. Errors: corrupt if a byte
/// has no token, a token or a rank is there twice, or one is empty or too long.
[[nodiscard]] Result<Bpe> ranked_bpe(const std::vector<RankedToken>& tokens, TokenId first_id);

}  // namespace hfauth::tokenizer
