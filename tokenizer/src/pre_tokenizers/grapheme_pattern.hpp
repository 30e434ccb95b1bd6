// SPDX-License-Identifier: Apache-2.0
//
// \X spelled out.
#pragma once

#include <string>

namespace hfauth::tokenizer {

/// A pattern that matches what \X of the reference's Oniguruma does: an extended grapheme cluster
/// of Unicode 16, without the rule for Indic conjuncts.
[[nodiscard]] const std::string& grapheme_cluster_pattern();

}  // namespace hfauth::tokenizer
