// SPDX-License-Identifier: Apache-2.0
//
// Rewrites a pattern of a tokenizer.json so that the system's Oniguruma, whose Unicode tables are
// older than the reference's, asks no table of its own: \p{..}, \d, \w, \b and their like become
// explicit ranges.
#pragma once

#include "hfauth/tokenizer/error.hpp"

#include <string>
#include <string_view>

namespace hfauth::tokenizer {

/// The same pattern in terms of explicit ranges. Errors: unsupported for a class without a table
/// here, such as \p{Bengali}; corrupt for a pattern that ends too early.
[[nodiscard]] Result<std::string> with_explicit_classes(std::string_view pattern);

}  // namespace hfauth::tokenizer
