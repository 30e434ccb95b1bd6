// SPDX-License-Identifier: Apache-2.0
//
// Logging in with a browser: shows an address and a code, which may be opened on any machine (so it
// works over ssh), and waits for the user's decision there.
#pragma once

#include "context.hpp"
#include "hfauth/hub/oauth.hpp"

namespace hfauth::cli {

/// Asks the Hub for a code, shows it, and waits up to the code's life (15 minutes at most an hour).
/// Opens the address with xdg-open if a person sits at a display of this machine: a terminal, and
/// DISPLAY or WAYLAND_DISPLAY, and no ssh. For a coding agent it is one line on `context.out` that
/// the agent can pass on. Errors: offline, those of OAuthClient.
[[nodiscard]] Result<hub::OAuthTokens> login_with_browser(Context& context,
                                                          const token::Endpoint& endpoint);

}  // namespace hfauth::cli
