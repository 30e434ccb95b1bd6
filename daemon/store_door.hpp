// SPDX-License-Identifier: Apache-2.0
//
// The way from the service to lib/store: opens what select_store() chooses, after the agent before
// this one has finished with it, and remembers the choice once.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "token_service.hpp"

namespace hfauth::daemon {

/// Copies what it is given. Its functions run on the worker.
[[nodiscard]] StoreDoor store_door(const Environment& environment, const UserPaths& paths);

}  // namespace hfauth::daemon
