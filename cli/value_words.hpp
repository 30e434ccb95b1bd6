// SPDX-License-Identifier: Apache-2.0
//
// The words that an option's value may be, for the completion scripts. The parsers of the options
// say the same words in their errors; a test compares the two.
#pragma once

#include <string>
#include <string_view>

namespace hfauth::cli {

/// With spaces between: "auto always never". `command` is a name of the table of commands, or "*"
/// for the options of every command; `option` is without dashes. "" if any text may be given.
/// Values that are lists take several of the words, with commas. Not blocking.
[[nodiscard]] std::string value_words(std::string_view command, std::string_view option);

}  // namespace hfauth::cli
