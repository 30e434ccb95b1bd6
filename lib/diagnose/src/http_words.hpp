// SPDX-License-Identifier: Apache-2.0
//
// Words of HTTP and of its failures that the probes read. Pure.
#pragma once

#include "hfauth/core/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// "Wed, 21 Oct 2015 07:28:00 GMT" (RFC 9110 §5.6.7); nullopt for anything else.
[[nodiscard]] std::optional<WallTime> read_http_date(std::string_view text);

/// The text between <title> and </title>, cut, on one line; "" if there is none.
[[nodiscard]] std::string page_title(std::string_view html);

/// Which step of an exchange failed, by the words of HttpClient's errors: "dns", "connect", "tls",
/// "proxy", "transfer", "" if they do not tell.
[[nodiscard]] std::string failed_step(std::string_view detail);

/// Whether this huggingface_hub speaks through requests: before 1.0; "" is the newest.
[[nodiscard]] bool uses_requests(std::string_view version);

}  // namespace hfauth::diagnose
