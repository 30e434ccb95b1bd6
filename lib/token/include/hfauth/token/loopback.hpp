// SPDX-License-Identifier: Apache-2.0
//
// Which endpoints are this machine itself: the one rule by which a token may travel without TLS,
// and may be sent to a Hub that nobody has named before. Pure.
#pragma once

#include "hfauth/token/endpoint.hpp"

#include <string_view>

namespace hfauth::token {

/// localhost, 127.0.0.0/8 in four numbers, [::1]; `host` as Endpoint::host() has it. False for
/// every name that a server elsewhere can have: 127.example, localhost.example.
[[nodiscard]] bool is_loopback_host(std::string_view host) noexcept;

[[nodiscard]] bool is_loopback(const Endpoint& endpoint) noexcept;

}  // namespace hfauth::token
