// SPDX-License-Identifier: Apache-2.0
//
// Which options of `hfauth doctor` exclude each other. What is given and cannot be honoured is a
// mistake that is said, never something left out in silence.
#pragma once

#include "command.hpp"

namespace hfauth::cli {

/// Errors: usage, naming both words and what to do instead.
[[nodiscard]] Result<void> check_combinations(const po::variables_map& values);

}  // namespace hfauth::cli
