// SPDX-License-Identifier: Apache-2.0
//
// Where hfauth keeps what it finds out again if it is gone (XDG Base Directory Specification 0.8).
// The Hub's own cache is hub_paths.hpp's.
#pragma once

#include "hfauth/core/environment.hpp"

#include <filesystem>

namespace hfauth {

/// $XDG_CACHE_HOME/hfauth, else ~/.cache/hfauth; a relative or empty variable is ignored. Creates
/// nothing.
[[nodiscard]] std::filesystem::path cache_folder(const std::filesystem::path& home,
                                                 const Environment& environment);

}  // namespace hfauth
