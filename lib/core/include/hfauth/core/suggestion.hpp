// SPDX-License-Identifier: Apache-2.0
//
// The nearest known word to a mistyped one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth {

/// Edits (insert, delete, replace, swap of neighbours) between two byte strings. O(|a| * |b|) time.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate with the fewest edits, if these are at most a third of the word (at least one);
/// the first of equals.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

}  // namespace hfauth
