// SPDX-License-Identifier: Apache-2.0
//
// A message's wording as it is printed, made into what finds it in squeezed text (squeeze.hpp). In
// a wording white space counts for nothing, a quote of any kind stands for up to four characters
// that are no letters or digits, and
//   {}        up to 200 bytes of anything     {n}     a number
//   {repo}    a repository, captured          {word}  letters, digits and marks of a name
//   {path}    bytes that are no quotes
//   [a|b|]    one of these                    \       the next character itself
#pragma once

#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// The regular expression (RE2's syntax) for squeezed text.
[[nodiscard]] std::string pattern_of_wording(std::string_view wording);

/// The longest part of the wording that is the same in every text that has it, squeezed and in
/// lower case: what one pass looks for.
[[nodiscard]] std::string anchor_of_wording(std::string_view wording);

/// The wording for people: "..." for what varies, the first of several choices.
[[nodiscard]] std::string quote_of_wording(std::string_view wording);

}  // namespace hfauth::diagnose
