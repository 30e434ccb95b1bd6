// SPDX-License-Identifier: Apache-2.0
//
// Whether a pasted text holds a token of the Hub, plainly or as the password of Basic
// authentication: whoever has the text has the token. Pure; keeps nothing of it.
#pragma once

#include "hfauth/diagnose/explain.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// The tokens that stand plainly in the text: views into it. Masks and placeholders are none.
[[nodiscard]] std::vector<std::string_view> tokens_in(std::string_view raw);

/// Counts tokens in raw text. Masks ("hf_****abcd") and placeholders ("hf_xxx...") are none.
[[nodiscard]] std::size_t count_tokens(std::string_view raw);

/// HFA907 for a text with that many.
[[nodiscard]] Explanation explain_exposed_tokens(std::size_t count);

}  // namespace hfauth::diagnose
