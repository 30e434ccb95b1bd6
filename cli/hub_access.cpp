// SPDX-License-Identifier: Apache-2.0
//
// The token's way from the agent to the Hub.
#include "hub_access.hpp"

#include "agent_session.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hub_session.hpp"
#include "next_client.hpp"
#include "repo_purpose.hpp"
#include "talk.hpp"

#include <system_error>

namespace hfauth::cli {
namespace {

/// The token of the profile whose lease `file` is, if the agent keeps it for `endpoint`.
Result<Secret> token_of_lease(const std::filesystem::path& file, const token::Endpoint& endpoint,
                              const Context& context) {
  const auto refused = [&](const std::string& owner) {
    return Error{Errc::denied, filled(tr("the token in {0} belongs to {1} and is not sent to {2}"),
                                      show_path(file, context.paths.home), owner, endpoint.url())};
  };
  std::error_code failed;
  const std::filesystem::path slot = std::filesystem::weakly_canonical(file, failed).parent_path();
  const Result<token::ProfileName> name = token::ProfileName::parse(slot.filename().string());
  // The default lease: the agent was asked for its token at `endpoint` before, and has none.
  if (failed || slot.parent_path().filename() != "lease" || !name) return refused(tr("the agent"));
  Result<agent::AgentClient> agent = connect_agent(context);
  if (!agent) return agent.error();
  Result<agent::TokenAnswer> answer = ask_agent_for_token(*agent, context, *name);
  if (!answer) return answer.error();
  const token::Endpoint& bound = answer->profile.facts.endpoint;
  if (bound != endpoint) return refused(bound.url());
  return std::move(answer->token);
}

}  // namespace

OwnToken find_own_token(const Context& context, const token::Endpoint& endpoint) {
  OwnToken own{resolve_next_client(context), {}};
  if (own.found.token.empty() || !is_lease_file(own.found.where, context.paths.runtime)) return own;
  Result<Secret> token = token_of_lease(own.found.where, endpoint, context);
  own.found.token = token ? std::move(*token) : Secret();
  if (!token) own.refused = token.error();
  return own;
}

TokenForHub token_for_hub(const Context& context, const hub::Repo& repo) {
  TokenForHub result;
  Result<agent::TokenAnswer> answer = ask_agent_for_repo(context, purpose_of(repo));
  if (answer) {
    result.token = std::move(answer->token);
    return result;
  }
  const Result<token::Endpoint> endpoint = token::Endpoint::from(context.environment);
  if (!endpoint) {
    result.why_none = endpoint.error();
    return result;
  }
  OwnToken own = find_own_token(context, *endpoint);
  if (!own.found.token.empty() && own.found.sent_by_default) {
    result.token = std::move(own.found.token);
  } else if (own.refused) {
    result.why_none = own.refused;
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
  const TokenForHub access = token_for_hub(context, repo);
  const Result<hub::Tree> tree = session->client().tree(repo, commit, {}, access.get());
  if (!tree) return access.explain(tree.error());
  hub::TreeListing listing;
  for (const hub::TreeFile& file : tree->files)
    listing[file.path] = {.size = file.size, .etag = file.etag()};
  return listing;
}

}  // namespace hfauth::cli
