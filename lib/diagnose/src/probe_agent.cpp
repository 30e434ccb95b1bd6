// SPDX-License-Identifier: Apache-2.0
//
// What the agent has. It is started if it does not run: whether tokens are stored, it alone can
// say. If it does not answer, nothing is known of them.
#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"
#include "probes.hpp"
#include "stand_in.hpp"

#include <fmt/format.h>

namespace hfauth::diagnose {
namespace {

// An agent that hangs is ended, and the next command starts another one; of a store that cannot be
// opened, status tells more.
std::string next_after(Errc code) {
  return code == Errc::timeout ? "pkill -u \"$(id -u)\" -x hfauthd && hfauth doctor"
                               : "hfauth status";
}

}  // namespace

void probe_agent(const ProbeInput& input, Facts& facts) {
  facts.agent.runtime = input.paths.runtime.string();
  if (!input.agent.look) {
    return;
  }
  const Result<AgentAccess::Snapshot> snapshot = input.agent.look();
  if (!snapshot) {
    facts.incomplete.push_back({"probe-agent",
                                fmt::format(fmt::runtime(tr("which tokens are stored: {}")),
                                            redact(snapshot.error().detail)),
                                next_after(snapshot.error().code)});
    return;
  }
  facts.agent.running = true;
  facts.agent.locked = snapshot->status.locked;
  facts.agent.store = snapshot->status.store;
  facts.agent.store_state = snapshot->status.store_state;
  for (const agent::Lease& lease : snapshot->status.leases) {
    facts.agent.lease_paths.push_back(lease.path.string());
  }
  for (const agent::StoredProfile& profile : snapshot->profiles) {
    facts.agent.profiles.push_back(
        {profile.facts.profile.str(), profile.facts.endpoint.url(),
         stand_in_for(profile.fingerprint), profile.mask, profile.fingerprint, profile.facts.user,
         profile.facts.role, profile.is_default, profile.facts.login_again,
         profile.facts.expires ? format_utc(*profile.facts.expires) : ""});
  }
}

AgentAccess agent_access(const Environment& environment, const UserPaths& paths) {
  AgentAccess access;
  access.look = [&environment, &paths]() -> Result<AgentAccess::Snapshot> {
    Result<agent::AgentClient> client =
        agent::AgentClient::connect(environment, paths, agent::Spawn::if_missing);
    if (!client) {
      return client.error();
    }
    Result<agent::AgentStatus> status = client->status();
    if (!status) {
      return status.error();
    }
    AgentAccess::Snapshot snapshot{std::move(*status), {}};
    if (!snapshot.status.locked) {
      Result<std::vector<agent::StoredProfile>> profiles = client->list();
      if (profiles) {
        snapshot.profiles = std::move(*profiles);
      } else if (profiles.error().code != Errc::locked) {
        return profiles.error();
      }
    }
    return snapshot;
  };
  access.default_token = [&environment, &paths](const token::Endpoint& endpoint) -> Result<Secret> {
    Result<agent::AgentClient> client =
        agent::AgentClient::connect(environment, paths, agent::Spawn::never);
    if (!client) {
      return client.error();
    }
    Result<agent::TokenAnswer> answer = client->get_token(std::nullopt, endpoint);
    if (!answer) {
      return answer.error();
    }
    return std::move(answer->token);
  };
  access.token_of = [&environment, &paths](const std::string& profile,
                                           const token::Endpoint& endpoint) -> Result<Secret> {
    const Result<token::ProfileName> name = token::ProfileName::parse(profile);
    if (!name) {
      return name.error();
    }
    Result<agent::AgentClient> client =
        agent::AgentClient::connect(environment, paths, agent::Spawn::never);
    if (!client) {
      return client.error();
    }
    Result<agent::TokenAnswer> answer = client->get_token(*name, endpoint);
    if (!answer) {
      return answer.error();
    }
    return std::move(answer->token);
  };
  return access;
}

}  // namespace hfauth::diagnose
