// SPDX-License-Identifier: Apache-2.0
//
// The difference of two texts in the unified format (POSIX diff -u), as one hunk: our changes are
// in one place.
#pragma once

#include <string>
#include <string_view>

namespace hfauth::diagnose {

/// "" if the texts are equal. `name` stands for both files.
[[nodiscard]] std::string unified_diff(std::string_view before, std::string_view after,
                                       std::string_view name);

}  // namespace hfauth::diagnose
