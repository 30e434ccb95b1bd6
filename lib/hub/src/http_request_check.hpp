// SPDX-License-Identifier: Apache-2.0
//
// What a request must be before a byte of it is sent, and the few questions on URLs that this
// needs. Pure.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/hub/http_client.hpp"

#include <string>
#include <string_view>

namespace hfauth::hub {

/// Errors: invalid_input for another method than GET, HEAD, POST; a URL that is not absolute
/// http(s), holds a user name, white space or control characters; a header name that is no RFC 9110
/// token, "Authorization" among the plain headers, a control character in a header's value; a
/// bearer that is empty or not printable ASCII without spaces.
[[nodiscard]] Result<void> check_request(const HttpRequest& request);

/// The host of an absolute URL in lower case, without user and port, brackets kept; "" if there is
/// none.
[[nodiscard]] std::string host_of(std::string_view url);
[[nodiscard]] bool is_https(std::string_view url);
[[nodiscard]] bool is_http_or_https(std::string_view url);

/// localhost, *.localhost, 127.0.0.0/8, [::1].
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace hfauth::hub
