// SPDX-License-Identifier: Apache-2.0
//
// The two readers behind parse_stored_tokens().
#pragma once

#include "hfauth/token/stored_tokens.hpp"

namespace hfauth::token {

[[nodiscard]] Result<StoredTokens> parse_stored_tokens_json(std::string_view content);

}  // namespace hfauth::token
