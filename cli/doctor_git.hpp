// SPDX-License-Identifier: Apache-2.0
//
// What git keeps of a folder, as far as `hfauth doctor` looks: the index and the newest commits,
// for a second. `hfauth scan` looks at all.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/fingerprint.hpp"
#include "hfauth/diagnose/facts_places.hpp"

#include <filesystem>
#include <functional>
#include <vector>

namespace hfauth::cli {

/// For diagnose::ProbeInput::git_leaks. git is not started where no folder above has a `.git`. The
/// fingerprinter must live as long as the process.
[[nodiscard]] std::function<
    std::vector<diagnose::ExposedToken>(const std::filesystem::path& folder)>
git_leaks(const Environment& environment, const Fingerprinter& fingerprinter);

}  // namespace hfauth::cli
