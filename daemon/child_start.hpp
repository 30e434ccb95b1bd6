// SPDX-License-Identifier: Apache-2.0
//
// Starts another program from a process with threads: nothing of the agent goes with it but its
// environment and its log.
#pragma once

#include "hfauth/core/result.hpp"

#include <sys/types.h>

#include <string>
#include <vector>

namespace hfauth::daemon {

/// `arguments` begins with the program's path. Standard input is empty, output and errors go to the
/// agent's log, no other file descriptor is open, signals are as usual. `additions` ("NAME=value")
/// go before the agent's own variables. Errors: not_found, permission, io.
[[nodiscard]] Result<pid_t> start_child(std::vector<std::string> arguments,
                                        std::vector<std::string> additions = {});

}  // namespace hfauth::daemon
