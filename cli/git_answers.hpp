// SPDX-License-Identifier: Apache-2.0
//
// What git's credential helpers have for a Hub, asked as git asks them (gitcredentials(7)). Only
// those are run that answer from what they have and never show a window: git's cache, and
// libsecret's while the keyring is unlocked.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"

#include <functional>
#include <optional>
#include <string>

namespace hfauth::cli {

/// For diagnose::ProbeInput::git_helper. Each call blocks, 1 s at most. Nothing is stored and
/// nothing is sent anywhere.
[[nodiscard]] std::function<std::optional<Secret>(const std::string& helper,
                                                  const token::Endpoint& endpoint)>
git_helper(const Environment& environment);

}  // namespace hfauth::cli
