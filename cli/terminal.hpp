// SPDX-License-Identifier: Apache-2.0
//
// What the terminal can show, from the options, the environment and the file descriptors, and the
// few marks that depend on it.
#pragma once

#include "context.hpp"

#include <string>
#include <string_view>

namespace hfauth::cli {

enum class ColourWish { automatic, always, never };

/// Weighs, in this order: --color/--no-color, NO_COLOR (no-color.org), CLICOLOR_FORCE
/// (bixense.com/clicolors), TERM=dumb, whether standard output is a terminal. ASCII is forced by
/// --ascii, else chosen if LC_ALL, LC_CTYPE, LANG (the first that is set) name no UTF-8.
[[nodiscard]] Terminal probe_terminal(const Environment& environment, ColourWish wish,
                                      bool force_ascii);

enum class Paint { good, warning, bad, strong };

/// `text` within the escape codes of `paint`, or as it is without colour.
[[nodiscard]] std::string painted(const Terminal& terminal, Paint paint, std::string_view text);

/// The mark of a success: a check mark, or "ok" in ASCII.
[[nodiscard]] std::string_view check_mark(const Terminal& terminal) noexcept;

}  // namespace hfauth::cli
