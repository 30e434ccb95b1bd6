// SPDX-License-Identifier: Apache-2.0
//
// Patterns of the configuration: * is any run of characters, ? is one, every other stands for
// itself. Pure.
#pragma once

#include <cstddef>
#include <string_view>

namespace hfauth::daemon {

/// Whether the whole of `text` fits. O(pattern * text) at the worst and no recursion: no pattern,
/// however many stars it has, takes longer.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text) noexcept;

/// How many characters of the pattern stand for themselves.
[[nodiscard]] std::size_t literal_length(std::string_view pattern) noexcept;

/// Whether it has neither * nor ?.
[[nodiscard]] bool is_literal(std::string_view pattern) noexcept;

}  // namespace hfauth::daemon
