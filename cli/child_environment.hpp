// SPDX-License-Identifier: Apache-2.0
//
// The environment of a program that is to see exactly one token: every other variable that a client
// of the Hub reads a token from is taken out first.
#pragma once

#include "hfauth/core/environment.hpp"

namespace hfauth::cli {

/// Removes HF_TOKEN, its aliases in all clients (facts/hub-auth.md §1.3), HF_TOKEN_PATH and the
/// HF_OIDC_ family, which huggingface_hub >= 1.19 asks before anything else.
void scrub_token_variables(Environment& environment);

}  // namespace hfauth::cli
