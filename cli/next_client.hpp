// SPDX-License-Identifier: Apache-2.0
//
// What the next Python program started from this shell would send: huggingface_hub's own rules
// (token/resolver.hpp) on the environment and the files as they are now. login, env, switch and
// whoami end with it. Other clients are in other_clients.hpp.
#pragma once

#include "context.hpp"
#include "hfauth/token/resolver.hpp"

#include <string_view>

namespace hfauth::cli {

/// Reads the token files that huggingface_hub of the newest known version would read. Unreadable
/// files are part of the answer, not an error. Never blocks on the network.
[[nodiscard]] token::Resolution resolve_next_client(const Context& context);

/// The same for the Rust command line hfrs.
[[nodiscard]] token::Resolution resolve_next_hfrs(const Context& context);

/// Where the resolution found its token, for people: "HF_TOKEN", "~/.cache/huggingface/token".
[[nodiscard]] std::string show_source(const token::Resolution& resolution, const Context& context);

/// The mask of the token inside what a client would send, without the marks, quotes and prefixes
/// around it; stars alone if there is no clean token. Fit for a terminal whatever the bytes are.
[[nodiscard]] std::string show_mask(const Secret& sent);

/// Tells in one to three lines on `out` whether the next Python uses `wanted`, and if not, why and
/// the cure: a variable that hides it (HFA101), a file that is read first, or nothing set at all.
/// Returns true if it uses `wanted`.
bool tell_next_client(const Context& context, const Secret& wanted, std::ostream& out);

}  // namespace hfauth::cli
