// SPDX-License-Identifier: Apache-2.0
//
// What the Hub says of a token, as the agent keeps it.
#pragma once

#include "hfauth/hub/hub_client.hpp"
#include "hfauth/token/token_record.hpp"

namespace hfauth::cli {

/// Kind and end of life are the Hub's, too; a caller who knows better (a browser login, a file of
/// huggingface_hub) says so afterwards.
[[nodiscard]] token::TokenFacts facts_from(const token::ProfileName& profile,
                                           const token::Endpoint& endpoint,
                                           const hub::Whoami& whoami);

}  // namespace hfauth::cli
