// SPDX-License-Identifier: Apache-2.0
//
// The new content of a file that holds a token where none belongs, from the old one: histories,
// netrc, git's files, notebooks. Pure. Errors of all: conflict (there is nothing to take out).
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <string_view>

namespace hfauth::diagnose {

/// Without the commands of a history that hold a token; with each go bash's time stamp in front of
/// it and what fish notes behind it. A command over several lines stays. Errors besides: conflict
/// (all of them are such).
[[nodiscard]] Result<Secret> without_commands(std::string_view text);

/// Without the netrc's entries for `host`.
[[nodiscard]] Result<Secret> without_netrc_entry(std::string_view text, std::string_view host);

/// Without the first entry of git's store for `host`, the one that git uses, and others with the
/// same password.
[[nodiscard]] Result<Secret> without_stored_credential(std::string_view text,
                                                       std::string_view host);

/// Without what stands in front of "@" in every URL where that is or holds a token.
[[nodiscard]] Result<Secret> with_remotes_cleaned(std::string_view text);

/// With "hf_REMOVED" in place of every token.
[[nodiscard]] Result<Secret> with_tokens_removed(std::string_view text);

}  // namespace hfauth::diagnose
