// SPDX-License-Identifier: Apache-2.0
//
// The steps towards the agent that several commands share.
#pragma once

#include "command.hpp"
#include "hfauth/agent/client.hpp"

#include <optional>

namespace hfauth::cli {

/// The profile named by --name, if any. Errors: invalid_input.
[[nodiscard]] Result<std::optional<token::ProfileName>> wanted_profile(
    const po::variables_map& values);

/// The agent, started if there is none.
[[nodiscard]] Result<agent::AgentClient> connect_agent(const Context& context);

/// The token of `profile`, or the default one of the endpoint that HF_ENDPOINT names; says on
/// standard error if it ends soon. Errors: those of AgentClient::get_token, each with what to try;
/// not_found becomes token_required.
[[nodiscard]] Result<agent::TokenAnswer> ask_agent_for_token(
    agent::AgentClient& agent, const Context& context,
    const std::optional<token::ProfileName>& profile);

/// What HF_ENDPOINT must be set to for a program that gets a token of `bound`: nothing if it would
/// ask that Hub anyway. Errors: denied (HF_ENDPOINT is set and names another Hub).
[[nodiscard]] Result<std::optional<token::Endpoint>> endpoint_to_set(const token::Endpoint& bound,
                                                                     const Context& context);

/// Opens a lease for a stored token. On the official Hub, and if the profile was not `named`, it is
/// the default lease, which follows `hfauth switch`; every other Hub has its profile's own, so that
/// no lease ever holds the token of another Hub than before.
[[nodiscard]] Result<agent::Lease> open_lease_for(agent::AgentClient& agent,
                                                  const token::TokenFacts& facts, bool named);

/// The same error with the command that cures it: locked, no token, several tokens.
[[nodiscard]] Error with_cure(Error error);

}  // namespace hfauth::cli
