// SPDX-License-Identifier: Apache-2.0
//
// Questions to the Hub with the token that this machine would send: the agent's for the endpoint,
// else what huggingface_hub finds, else none.
#pragma once

#include "context.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/hub/repo.hpp"
#include "hfauth/hub/tree_listing.hpp"

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

/// Asks the agent, which may start it.
[[nodiscard]] TokenForHub token_for_hub(const Context& context);

/// The names of a commit's files; sizes and etags stay empty. Errors: offline, as
/// HubClient::repo_info.
[[nodiscard]] Result<hub::TreeListing> ask_hub_for_listing(const Context& context,
                                                           const hub::Repo& repo,
                                                           const std::string& commit);

}  // namespace hfauth::cli
