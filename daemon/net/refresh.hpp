// SPDX-License-Identifier: Apache-2.0
//
// One refresh from beginning to end: the turn from the agent, Python's lock where it has the login
// too, the question to the Hub, and the answer into every place that keeps it. Blocking; one
// thread.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/hub/oauth.hpp"
#include "python_login.hpp"
#include "undelivered.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace hfauth::net {

/// What a refresh needs of the world.
struct World {
  /// A new connection to the agent. Errors: as AgentClient::connect.
  std::function<Result<agent::AgentClient>()> connect;
  /// As hub::OAuthClient::refresh, at the endpoint and with the client id of that login.
  std::function<Result<hub::OAuthTokens>(const token::TokenFacts&, const Secret& refresh)> ask_hub;
  std::vector<PythonPlace> places;
  Undelivered undelivered;
  const Clock& clock;
};

/// Hands over what an earlier run could not. Errors: the first failure; what the agent does not
/// want any more (the user logged in anew, or removed the profile) is dropped and none.
[[nodiscard]] Result<void> deliver_leftovers(const World& world);

/// Refreshes one profile; logs what it did. Nothing is done if it is not due and `force` is not
/// set, or if somebody else is at it. Errors: expired (the Hub refused the refresh token: log in
/// again), conflict (the user logged in meanwhile), those of the Hub, of Python's files and of the
/// agent; then the old tokens are still in place, or the new ones wait as Undelivered.
[[nodiscard]] Result<void> refresh_profile(const World& world, const token::ProfileName& profile,
                                           bool force);

/// The profiles that have a refresh token and are due; with `force` all that have one.
[[nodiscard]] Result<std::vector<token::ProfileName>> profiles_to_refresh(const World& world,
                                                                          bool force);

}  // namespace hfauth::net
