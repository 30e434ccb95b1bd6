// SPDX-License-Identifier: Apache-2.0
//
// Questions to the Hub with the token that this machine would send: the agent's for the endpoint,
// else what huggingface_hub finds, else none. A token of the agent's goes to its own endpoint
// alone, also where it is found through a lease.
#pragma once

#include "context.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/hub/repo.hpp"
#include "hfauth/hub/tree_listing.hpp"
#include "hfauth/token/endpoint.hpp"
#include "hfauth/token/resolver.hpp"

#include <optional>
#include <string>

namespace hfauth::cli {

struct TokenForHub {
  Secret token;  ///< empty: ask anonymously
  std::optional<Error>
      why_none;  ///< what kept the agent from giving one; unset if it simply has none

  /// For HubClient: null where there is none.
  [[nodiscard]] const Secret* get() const noexcept { return token.empty() ? nullptr : &token; }

  /// `error`, with the reason why it was asked without a token, if there is one.
  [[nodiscard]] Error explain(const Error& error) const;
};

/// For reading `repo` at the endpoint of the environment. Asks the agent, which may start it.
[[nodiscard]] TokenForHub token_for_hub(const Context& context, const hub::Repo& repo);

struct OwnToken {
  token::Resolution found;       ///< its token is empty: there is none, or it may not be sent
  std::optional<Error> refused;  ///< why the token that was found may not be sent to the endpoint
};

/// What huggingface_hub would send to `endpoint`, for when the agent gives nothing for it: the one
/// place where a token that is not the agent's answer comes from. If the source is a lease, the
/// agent is asked for that profile, and its token is taken only if it is bound to `endpoint`.
[[nodiscard]] OwnToken find_own_token(const Context& context, const token::Endpoint& endpoint);

/// The files of a commit, by the Hub's own word. Errors: offline, as HubClient::tree.
[[nodiscard]] Result<hub::TreeListing> ask_hub_for_listing(const Context& context,
                                                           const hub::Repo& repo,
                                                           const std::string& commit);

}  // namespace hfauth::cli
