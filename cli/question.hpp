// SPDX-License-Identifier: Apache-2.0
//
// Questions to a person at a terminal. Nobody is asked if standard input or standard error is no
// terminal, or in a format that is for programs: a script must not hang at a question that nobody
// sees.
#pragma once

#include "context.hpp"
#include "hfauth/core/result.hpp"

#include <string>
#include <vector>

namespace hfauth::cli {

/// Whether there is somebody to ask.
[[nodiscard]] bool can_ask(const Context& context) noexcept;

/// Shows numbered choices and reads a number; an empty line is the first. Three tries. Errors:
/// interrupted (end of input, or no answer among the choices).
[[nodiscard]] Result<std::size_t> ask_choice(Context& context, const std::string& question,
                                             const std::vector<std::string>& choices);

/// True for y or yes in any case, and for the words of the language in use; everything else, and
/// the end of input, is no.
[[nodiscard]] bool ask_yes(Context& context, const std::string& question);

/// One line without its end and without space around it; "" at the end of input. For what may be
/// seen: a secret is asked for by ask_secret().
[[nodiscard]] std::string ask_line(Context& context, const std::string& question);

}  // namespace hfauth::cli
