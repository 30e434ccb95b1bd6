// SPDX-License-Identifier: Apache-2.0
//
// Help texts, made from the table of commands and nothing else; and the same table for the
// completion scripts.
#pragma once

#include "command.hpp"

#include <iosfwd>
#include <string_view>

namespace hfauth::cli {

/// The hidden word that prints the table: `hfauth __complete-spec`.
inline constexpr std::string_view kSpecificationWord = "__complete-spec";

/// All commands, or those of one group ("cache").
void print_overview(std::ostream& out, const Terminal& terminal, std::string_view group = {});
void print_command_help(const Command& command, Context& context);

/// One line a command, "command<TAB>NAME<TAB>SUMMARY", and one an option,
/// "option<TAB>COMMAND<TAB>--long<TAB>-s<TAB> VALUE<TAB>TEXT"; COMMAND is "*" for global options, a
/// missing -s or VALUE is "-". Behind an option whose value is one of a few words, or a list of
/// them, "words<TAB>COMMAND<TAB>--long<TAB>WORD WORD". The contract of cli/completions.
void print_specification(std::ostream& out);

}  // namespace hfauth::cli
