// SPDX-License-Identifier: Apache-2.0
//
// White space as Python's str.strip() sees it, over bytes that are meant to be UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace hfauth::token {

/// Bytes of the white space character at the start of `text`, 0 if there is none: the 25 code
/// points of White_Space and U+001C to U+001F, which str.strip() of Python 3 removes too.
[[nodiscard]] std::size_t space_at_start(std::string_view text) noexcept;
[[nodiscard]] std::size_t space_at_end(std::string_view text) noexcept;

/// Without white space at both ends.
[[nodiscard]] std::string_view strip(std::string_view text) noexcept;

}  // namespace hfauth::token
