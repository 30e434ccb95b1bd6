// SPDX-License-Identifier: Apache-2.0
//
// Lower case, for the normalizers Lowercase and BertNormalizer.
#pragma once

#include "normalizers/normalized_text.hpp"

namespace hfauth::tokenizer {

void lowercase(NormalizedText& text);

}  // namespace hfauth::tokenizer
