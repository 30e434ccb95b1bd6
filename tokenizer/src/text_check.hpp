// SPDX-License-Identifier: Apache-2.0
//
// The door that every text passes before any stage sees it; behind it all text is valid UTF-8.
#pragma once

#include "hfauth/tokenizer/error.hpp"

#include <cstddef>
#include <string_view>

namespace hfauth::tokenizer {

/// Offsets are 32 bits wide, and a space in front must still fit.
inline constexpr std::size_t kTextLimit = 0xFFFFFFF0;

/// Errors: invalid_input.
[[nodiscard]] Result<void> check_text(std::string_view text);

/// A piece needed the unknown token, which the model names but does not have.
[[nodiscard]] inline Error missing_unknown_token() {
  return {Errc::corrupt, "the model's unk_token is not in its vocabulary, and this text needs it"};
}

}  // namespace hfauth::tokenizer
