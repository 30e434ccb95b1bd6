// SPDX-License-Identifier: Apache-2.0
//
// What PATH finds, without starting it.
#pragma once

#include "hfauth/core/environment.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace hfauth::diagnose {

/// The absolute folders of PATH, in their order.
[[nodiscard]] std::vector<std::filesystem::path> search_path(const Environment& environment);

/// The first program of that name.
[[nodiscard]] std::optional<std::filesystem::path> on_path(const Environment& environment,
                                                           const char* name);

}  // namespace hfauth::diagnose
