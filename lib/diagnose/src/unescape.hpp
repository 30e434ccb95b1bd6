// SPDX-License-Identifier: Apache-2.0
//
// Escapes that stand between a message and its plain text: JSON's and Python's backslashes, also
// those of JSON within JSON, and the tags and entities of HTML. Pure; linear time.
#pragma once

#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// `line` without the escapes: an escaped line break is one, other escaped white space a space, a
/// <br> one too. What is no known escape, tag or entity stays.
[[nodiscard]] std::string unescape(std::string_view line);

/// The text of one string of a JSON array that fills a line, as notebooks keep their outputs:
/// `  "text\n",` gives `text`; anything else comes back as it is.
[[nodiscard]] std::string_view without_array_quotes(std::string_view line);

}  // namespace hfauth::diagnose
