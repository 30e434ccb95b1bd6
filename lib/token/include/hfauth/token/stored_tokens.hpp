// SPDX-License-Identifier: Apache-2.0
//
// The named tokens that the Hub's clients keep in plain text: Python's INI (huggingface_hub >=
// 0.26, configparser) and, at the same path, the JSON of the Rust command line (hfrs 1.1). Told
// apart by the first byte that is not a space.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::token {

enum class StoredTokensFormat { ini, json };

struct StoredToken {
  std::string name;
  Secret token;    ///< as it stands in the file, not cleaned
  Secret refresh;  ///< empty if none
  std::optional<WallTime> expires;
  bool active = false;  ///< JSON only: the file says so
};

struct StoredTokens {
  StoredTokensFormat format = StoredTokensFormat::ini;
  std::vector<StoredToken> tokens;  ///< in the file's order
};

/// Parses the content of a stored_tokens file. Sections without hf_token are left out; keys in any
/// case; ";" and "#" comments; [DEFAULT] is inherited as configparser does. Errors: corrupt, with
/// the line number and no content.
[[nodiscard]] Result<StoredTokens> parse_stored_tokens(std::string_view content);

}  // namespace hfauth::token
