// SPDX-License-Identifier: Apache-2.0
//
// A word on standard error before a stored token ends: 14, 7 and 1 days before, once each, however
// many commands use it. What was said is remembered by the token's fingerprint, so a new token of
// the same profile begins anew. Nothing is said of an OAuth token that is refreshed by itself, and
// nothing in quiet mode.
#pragma once

#include "context.hpp"
#include "hfauth/agent/client.hpp"

#include <optional>

namespace hfauth::cli {

/// The days of the last threshold that the token has reached: 14, 7 or 1. nullopt: none yet, or
/// there is nothing to say.
[[nodiscard]] std::optional<int> expiry_threshold(const agent::StoredProfile& profile,
                                                  WallTime now);

/// Says it, unless that was done before. A file that cannot be read or written only means that it
/// is said again: no error. Reads nothing while the end is far away.
void tell_expiry(const Context& context, const agent::StoredProfile& profile, WallTime now);

}  // namespace hfauth::cli
