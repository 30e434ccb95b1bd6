// SPDX-License-Identifier: Apache-2.0
//
// The token's way from the agent to the Hub.
#include "hub_access.hpp"

#include "agent_session.hpp"
#include "hub_session.hpp"
#include "next_client.hpp"
#include "talk.hpp"

namespace hfauth::cli {

TokenForHub token_for_hub(const Context& context) {
  TokenForHub result;
  Result<agent::AgentClient> agent = connect_agent(context);
  Result<agent::TokenAnswer> answer = agent ? ask_agent_for_token(*agent, context, std::nullopt)
                                            : Result<agent::TokenAnswer>(agent.error());
  if (answer) {
    result.token = std::move(answer->token);
    return result;
  }
  token::Resolution found = resolve_next_client(context);
  if (!found.token.empty() && found.sent_by_default) {
    result.token = std::move(found.token);
  } else if (answer.error().code != Errc::token_required) {
    result.why_none = answer.error();
  }
  return result;
}

Error TokenForHub::explain(const Error& error) const {
  if (!why_none) return error;
  return Error{error.code,
               filled(tr("{0} (asked without a token: {1})"), error.detail, why_none->detail)};
}

Result<hub::TreeListing> ask_hub_for_listing(const Context& context, const hub::Repo& repo,
                                             const std::string& commit) {
  Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) return endpoint.error();
  Result<HubSession> session = HubSession::open(context, std::move(*endpoint));
  if (!session) return session.error();
  const TokenForHub access = token_for_hub(context);
  const Result<hub::RepoInfo> info = session->client().repo_info(repo, commit, access.get());
  if (!info) return info.error();
  hub::TreeListing listing;
  for (const std::string& file : info->files) {
    if (hub::check_repo_path(file)) listing[file] = {};
  }
  return listing;
}

}  // namespace hfauth::cli
