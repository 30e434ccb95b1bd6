// SPDX-License-Identifier: Apache-2.0
//
// What PATH finds, without starting it.
#pragma once

#include "hfauth/core/environment.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth {

/// The folders that a value of PATH lists, in their order, as execvp(3) reads it: an empty one is
/// the current folder, ".".
[[nodiscard]] std::vector<std::filesystem::path> folders_of_path(std::string_view value);

/// The absolute folders of PATH, in their order; none if it is not set. What a relative one holds
/// depends on where one stands.
[[nodiscard]] std::vector<std::filesystem::path> search_path(const Environment& environment);

/// The first program of that name in them.
[[nodiscard]] std::optional<std::filesystem::path> on_path(const Environment& environment,
                                                           const std::string& name);

}  // namespace hfauth
