// SPDX-License-Identifier: Apache-2.0
//
// The clients of the Hub by the names that people give them, and by which rules each finds its
// token. Pure.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/token/resolver_other.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::token {

/// A client as it was asked for: "transformers", "huggingface_hub@0.36.0",
/// "python:/opt/py/bin/python3".
struct NamedClient {
  std::string name;  ///< the usual one: "huggingface_hub" for "python"; "all" for every client
  std::optional<OtherClient> other;  ///< nullopt: the rules of huggingface_hub
  std::string version;               ///< behind "@"; "" for the one that is installed
  std::string interpreter;           ///< behind "python:", an absolute path; "" for that of PATH
};

/// Errors: usage, naming the nearest known name and all of them.
[[nodiscard]] Result<NamedClient> parse_client(std::string_view word);

/// Every name that parse_client() takes, without "@" and ":".
[[nodiscard]] std::vector<std::string> client_names();

/// Whether the client finds a token by itself in the usual places, in this version.
[[nodiscard]] bool reads_by_itself(const NamedClient& client) noexcept;

}  // namespace hfauth::token
