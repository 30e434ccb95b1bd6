// SPDX-License-Identifier: Apache-2.0
//
// Which tokens this machine still has once hfauth's own is gone: variables, the files of the Hub's
// clients, git's store, ~/.netrc. They are the user's; this only tells.
#pragma once

#include "context.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"

#include <iosfwd>

namespace hfauth::cli {

/// One line for each place that holds a token for `endpoint`, with its mask and how to empty it.
/// `removed` may be null; a place that holds that very token is pointed out.
void tell_remaining_tokens(const Context& context, const token::Endpoint& endpoint,
                           const Secret* removed, std::ostream& out);

/// One line if git has a helper that keeps what it holds to itself, so that nobody can tell.
void tell_git_may_remember(const Context& context, const token::Endpoint& endpoint,
                           std::ostream& out);

}  // namespace hfauth::cli
