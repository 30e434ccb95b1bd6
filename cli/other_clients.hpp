// SPDX-License-Identifier: Apache-2.0
//
// What the next client that is not Python will use: Rust, git, JavaScript. One line each, and only
// where there is something to tell that the line on Python (next_client.hpp) did not.
#pragma once

#include "context.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"

#include <iosfwd>

namespace hfauth::cli {

/// `python_uses_it` is what tell_next_client() returned. Runs `git config` (2 s at most), nothing
/// else.
void tell_other_clients(const Context& context, const token::Endpoint& endpoint,
                        const Secret& wanted, bool python_uses_it, std::ostream& out);

}  // namespace hfauth::cli
