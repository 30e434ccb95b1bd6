// SPDX-License-Identifier: Apache-2.0
//
// What the Hub's OAuth endpoints answer, taken out of guarded memory: secrets first, each as a
// Secret, then the harmless rest by the ordinary JSON reader. Pure.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/hub/oauth.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hfauth::hub {

/// {"error": code, "error_description": text} of RFC 6749 §5.2; one line, masked, without control
/// characters.
struct OAuthRefusal {
  std::string code;
  std::string description;  ///< may be ""
};

/// nullopt if `body` is no such object.
[[nodiscard]] std::optional<OAuthRefusal> read_oauth_refusal(std::string_view body);

/// The body of a 200 of /oauth/device. Secrets in `body` are overwritten. Errors: network (it is
/// not the Hub's answer: no JSON, no code, no address).
[[nodiscard]] Result<DeviceCode> read_device_code(Secret& body, MonotonicTime now);

/// The body of a 200 of /oauth/token. Secrets in `body` are overwritten. Errors: network (no JSON,
/// no usable access token, another type than bearer).
[[nodiscard]] Result<OAuthTokens> read_oauth_tokens(Secret& body, WallTime now);

}  // namespace hfauth::hub
