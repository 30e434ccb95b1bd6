// SPDX-License-Identifier: Apache-2.0
//
// The Unicode normalization forms, for the normalizers of that name and for BertNormalizer.
#pragma once

#include "normalizers/normalizer.hpp"

namespace hfauth::tokenizer {

void to_unicode_form(NormalizedText& text, UnicodeForm form);

}  // namespace hfauth::tokenizer
