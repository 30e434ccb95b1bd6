// SPDX-License-Identifier: Apache-2.0
//
// The report's lists of tokens and clients, and who the user is.
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"

namespace hfauth::diagnose {

/// Fills tokens, clients and identity.
void add_tokens_and_clients(const Facts& facts, Report& report);

}  // namespace hfauth::diagnose
