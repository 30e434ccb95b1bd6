// SPDX-License-Identifier: Apache-2.0
//
// What a command wants a token for, and how routes are written on a command line.
#pragma once

#include "command.hpp"
#include "hfauth/agent/routing.hpp"
#include "hfauth/agent/rules_client.hpp"
#include "hfauth/hub/repo.hpp"

#include <optional>
#include <string>

namespace hfauth::cli {

/// The agent for questions about rules, the past and the store; started if there is none.
[[nodiscard]] Result<agent::RulesClient> connect_rules(const Context& context);

/// The token for a repository at the endpoint that HF_ENDPOINT names; otherwise as
/// ask_agent_for_token() of agent_session.hpp.
[[nodiscard]] Result<agent::TokenAnswer> ask_agent_for_repo(const Context& context,
                                                            const agent::Purpose& purpose);

/// For reading a repository.
[[nodiscard]] agent::Purpose purpose_of(const hub::Repo& repo);

/// The options --type, --access and --endpoint of a route.
void describe_pattern(po::options_description& options);

/// "org/name", "org/*", "*" and those options. Errors: usage.
[[nodiscard]] Result<agent::RoutePattern> pattern_from(const po::variables_map& values);

/// The endpoint in front of a repository's address: "https://hub.example" of
/// "https://hub.example/org/name"; nullopt if `word` is no address. Errors: usage.
[[nodiscard]] Result<std::optional<token::Endpoint>> endpoint_of_address(const std::string& word);

}  // namespace hfauth::cli
