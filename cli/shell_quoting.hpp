// SPDX-License-Identifier: Apache-2.0
//
// One assignment in the words of a shell, quoted so that every byte of the value arrives.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"

#include <string>
#include <string_view>

namespace hfauth::cli {

enum class Shell { sh, fish, csh };

/// sh, bash, zsh, dash, ksh are sh; csh and tcsh are csh. Errors: usage.
[[nodiscard]] Result<Shell> parse_shell(std::string_view word);

/// What $SHELL names; sh if it is not set or not known.
[[nodiscard]] Result<Shell> shell_of(const Environment& environment);

/// A line that exports `name` with `value`, without a line break at its end. A value with a line
/// break cannot be written for csh; it is then cut there, which no path of ours has.
[[nodiscard]] std::string export_line(Shell shell, std::string_view name, std::string_view value);

}  // namespace hfauth::cli
