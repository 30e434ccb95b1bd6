// SPDX-License-Identifier: Apache-2.0
//
// Links to the Hub's page for a new token with the right boxes ticked already (facts/hub-auth.md
// §4.7), so that nobody needs to know which permissions a job takes. Pure.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/token/endpoint.hpp"

#include <string>
#include <string_view>

namespace hfauth::cli {

/// read: download what the account may; gated: only public gated repositories and nothing else;
/// write: upload too; inference: call Inference Providers. Errors: usage (another word).
[[nodiscard]] Result<std::string> token_link(std::string_view preset,
                                             const token::Endpoint& endpoint);

}  // namespace hfauth::cli
