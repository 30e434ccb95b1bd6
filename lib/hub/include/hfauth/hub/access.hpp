// SPDX-License-Identifier: Apache-2.0
//
// May this account read, or write, that repository? The Hub's own check, without touching a file
// (facts/hub-auth.md §4.3, §4.4, messages M-052 and M-056).
#pragma once

#include "hfauth/hub/hub_client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hfauth::hub {

enum class Access {
  granted,
  log_in,          ///< gated, and nobody is logged in
  not_requested,   ///< gated: this account has not asked for access
  pending,         ///< gated: asked, the authors have not answered
  rejected,        ///< gated: the authors said no
  reset,           ///< gated: it was granted once and must be asked for anew
  no_gated_scope,  ///< a fine-grained token without "read gated repositories"
  read_only,       ///< may be read, not written, with this token or by this account
  denied,          ///< another refusal: disabled, an organization's policy
  absent,          ///< not there, or private and not shown
  bad_token,       ///< the Hub refuses the token itself
  unknown,         ///< no answer, or one that says nothing on access
};

[[nodiscard]] std::string_view name_of(Access access) noexcept;  ///< "not_requested"

struct AccessAnswer {
  Access access = Access::unknown;
  ServerAnswer answer;
  std::optional<Error> failure;  ///< why it is not granted, with what to do; unset if it is
};

/// GET /api/{type}s/{id}/auth-check, or auth-check/write. Never an Error: what went wrong is part
/// of the answer. Blocks as HubClient's questions do.
[[nodiscard]] AccessAnswer check_access(HubClient& client, const Repo& repo, bool write,
                                        const Secret* token);

}  // namespace hfauth::hub
