// SPDX-License-Identifier: Apache-2.0
//
// Extended grapheme clusters (UAX 29), of the version that the reference's library has.
#pragma once

#include <cstddef>
#include <string_view>

namespace hfauth::tokenizer::unicode {

/// The end of the cluster that begins at `at` < text.size() of valid text.
[[nodiscard]] std::size_t grapheme_end(std::string_view text, std::size_t at) noexcept;

}  // namespace hfauth::tokenizer::unicode
