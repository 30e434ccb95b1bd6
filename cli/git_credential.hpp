// SPDX-License-Identifier: Apache-2.0
//
// git's credential helpers, asked and told as huggingface_hub does (facts/hub-auth.md §1.7): user
// name hf_user, the token as the password. `git credential fill` is never run: a helper may open a
// window or ask in a browser for what it does not have, and nothing tells beforehand whether it
// will.
#pragma once

#include "command.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

/// The helpers that git would ask for `endpoint`, in its order: those for every address and those
/// of `credential.<url>.helper`; an empty one takes back all before it (gitcredentials(7)). Up to
/// 2 s. Errors: not_found (git is not installed), timeout, io.
[[nodiscard]] Result<std::vector<std::string>> git_helpers_for(const Context& context,
                                                               const token::Endpoint& endpoint);

/// The same from the output of `git config -z --get-regexp '^credential(\..*)?\.helper$'`. Pure.
[[nodiscard]] std::vector<std::string> git_helpers_in(std::string_view config,
                                                      const token::Endpoint& endpoint);

/// `git credential approve`: every helper stores the token. Up to 10 s. Errors: not_found (git is
/// not installed), timeout, io (git refuses).
[[nodiscard]] Result<void> approve_in_git(const Context& context, const token::Endpoint& endpoint,
                                          const Secret& token);

/// `git credential reject`: every helper forgets what it holds for hf_user at `endpoint`, as `hf
/// auth logout` has it; newer ones (git 2.42) only if it is this token. Up to 10 s. Errors: as
/// approve_in_git.
[[nodiscard]] Result<void> reject_in_git(const Context& context, const token::Endpoint& endpoint,
                                         const Secret& token);

/// Whether this helper is git's own `store`, which keeps passwords in a file as they are.
[[nodiscard]] bool keeps_plain_text(std::string_view helper);

/// What --add-to-git-credential asks for, once the token is stored: tells what came of it and
/// returns the exit status. A token that is renewed is left out: the helper would keep the old one.
/// Without a helper nothing is set up, because the one that git always has keeps plain text.
int give_to_git(Context& context, std::string_view command, const token::Endpoint& endpoint,
                const Secret& token, bool is_renewed);

}  // namespace hfauth::cli
