// SPDX-License-Identifier: Apache-2.0
//
// Looking at the machine: the only part of the diagnosis that touches files, the agent and the
// network. Changes nothing, and starts nothing but the agent, as every command does that needs a
// token. Each probe fails alone: what it could not find out stands in Facts::incomplete.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/environment.hpp"
#include "hfauth/core/fingerprint.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/diagnose/facts.hpp"
#include "hfauth/hub/hub_client.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace hfauth::diagnose {

/// The agent, as the doctor asks it. Tests put lambdas here.
struct AgentAccess {
  struct Snapshot {
    agent::AgentStatus status;
    std::vector<agent::StoredProfile> profiles;  ///< empty if locked
  };

  /// Starts the agent if none runs. Errors: agent_unreachable (it could not be started), and
  /// whatever else went wrong; none of them says that there is no token.
  std::function<Result<Snapshot>()> look;
  /// The default profile's token, for asking the Hub about it.
  std::function<Result<Secret>(const token::Endpoint&)> default_token;
};

/// The Hub, as the doctor asks it. Nothing is loaded before the first call.
struct HubAccess {
  std::function<Result<hub::ServerAnswer>()> ping;
  std::function<hub::Whoami(const Secret& token)> whoami;
};

struct ProbeInput {
  const Environment& environment;
  const UserPaths& paths;
  std::filesystem::path working_directory;
  const Fingerprinter& fingerprinter;
  const Clock& clock;
  bool offline = false;  ///< --offline: the Hub is not asked
  AgentAccess agent;
  HubAccess hub;
  std::filesystem::path root = "/";  ///< where system files are looked for; tests have their own
};

/// At most this many tokens are asked about in one run: whoami is strictly limited (facts/doctor.md
/// §3.2).
inline constexpr std::size_t kMaxTokensAsked = 3;

/// Blocks: local files, the agent (its own deadline), and the Hub (up to 10 s a request; none if
/// `offline`).
[[nodiscard]] Facts take_facts(const ProbeInput& input);

/// The accesses of the real program. Both keep references to their arguments.
[[nodiscard]] AgentAccess agent_access(const Environment& environment, const UserPaths& paths);
[[nodiscard]] HubAccess hub_access(const Environment& environment, std::string user_agent);

/// The fingerprint key that the agent uses too, so that fingerprints agree; a passing one if there
/// is none yet.
[[nodiscard]] Fingerprinter doctor_fingerprinter(const UserPaths& paths);

}  // namespace hfauth::diagnose
