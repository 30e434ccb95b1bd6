// SPDX-License-Identifier: Apache-2.0
//
// The agent as a shell's prompt asks it: one look with one short deadline for all of it, because
// the next prompt waits for the answer. Starts nothing.
#pragma once

#include "hfauth/agent/client.hpp"

namespace hfauth::agent {

struct QuickLook {
  AgentStatus status;
  std::vector<StoredProfile> profiles;  ///< empty if locked
};

/// Blocks for `patience` at most. Errors: agent_unreachable (none runs), timeout, and the other
/// ones of AgentClient.
[[nodiscard]] Result<QuickLook> look_quickly(const Environment& environment, const UserPaths& paths,
                                             std::chrono::milliseconds patience);

}  // namespace hfauth::agent
