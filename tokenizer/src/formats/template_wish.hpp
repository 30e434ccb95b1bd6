// SPDX-License-Identifier: Apache-2.0
//
// From the spellings around a text to the template with their ids.
#pragma once

#include "formats/tokenizer_json.hpp"
#include "hfauth/tokenizer/error.hpp"
#include "parts.hpp"

namespace hfauth::tokenizer {

/// Puts the template in place of the post-processor of `parts`, whose added tokens have their ids.
/// Errors: corrupt if one of the spellings is no token.
[[nodiscard]] Result<void> make_template(const TemplateWish& wish, TokenizerParts& parts);

}  // namespace hfauth::tokenizer
