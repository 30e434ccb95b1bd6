// SPDX-License-Identifier: Apache-2.0
//
// What the process does to itself before it sees the first secret: no core dump, no debugger or
// /proc/PID/mem of the same user, no privileges by exec, files for the owner alone, room for its
// connections.
#pragma once

#include "hfauth/core/result.hpp"

namespace hfauth::daemon {

/// Call first in main. Errors: internal (a protection could not be had: the agent must not run
/// without).
[[nodiscard]] Result<void> protect_process();

}  // namespace hfauth::daemon
