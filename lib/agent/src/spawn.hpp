// SPDX-License-Identifier: Apache-2.0
//
// Starts hfauthd as a program of its own, detached from the caller's terminal and session. Private
// to lib/agent.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/core/result.hpp"

#include <chrono>

namespace hfauth::agent {

/// Loading the store takes 1.5 s at worst and happens after the agent listens; 5 s means a broken
/// machine.
inline constexpr std::chrono::seconds kSpawnTimeout{5};

/// Of `environment` what the agent may know, and what it takes to find and to start one again.
[[nodiscard]] Environment environment_for_agent(const Environment& environment);

/// Starts the agent and waits until it listens (or says that another one does). The caller holds
/// the spawn lock. The program is HFAUTH_AGENT_PROGRAM, else hfauthd beside this program. Its
/// environment is a short list of names, so a token in the caller's environment does not live on in
/// the agent's; its messages go to <state>/hfauthd.log. Errors: agent_unreachable (no such program,
/// it ended, or its own line of explanation), timeout, io.
[[nodiscard]] Result<void> spawn_agent(const Environment& environment, const UserPaths& paths);

}  // namespace hfauth::agent
