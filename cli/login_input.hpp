// SPDX-License-Identifier: Apache-2.0
//
// Where the token of `hfauth login` comes from: an option, a browser, or what is pasted at the
// terminal, and what pasting did to it.
#pragma once

#include "command.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"

#include <optional>

namespace hfauth::cli {

/// What a way of logging in yields.
struct LoginCredentials {
  Secret token;
  Secret refresh;                   ///< of a login with a browser
  std::optional<WallTime> expires;  ///< of a login with a browser
  bool from_browser = false;
  std::string oauth_client;  ///< of a login with a browser: the client id it was made with
};

/// Adds --token-stdin, --token-file, --token and --browser.
void describe_login_input(po::options_description& options);

/// Whether the user is to choose or to act, so that "already logged in" is an answer: none of
/// --token-stdin, --token-file and --token was given.
[[nodiscard]] bool is_interactive(const po::variables_map& values);

/// Errors: usage, also for a login with a browser in a format for programs (`hf` refuses that too).
[[nodiscard]] Result<void> check_login_input(const po::variables_map& values,
                                             const Context& context);

/// From the option that was given; else asks which way, on a terminal; else with a browser, as
/// `hf`. A pasted token is mended (token_text.hpp), each repair is told. Errors: invalid_input, io,
/// too_large, interrupted, those of login_with_browser().
[[nodiscard]] Result<LoginCredentials> read_login_input(const po::variables_map& values,
                                                        Context& context,
                                                        const token::Endpoint& endpoint);

/// A token as somebody typed or stored it, as login would take it; repairs are told on
/// `context.err`. Errors: invalid_input.
[[nodiscard]] Result<Secret> accepted_token(const Secret& raw, Context& context);

}  // namespace hfauth::cli
