// SPDX-License-Identifier: Apache-2.0
//
// What git keeps of a folder, as far as `hfauth doctor` looks: the index and the newest commits,
// for a second, and each content once. `hfauth scan` looks at all.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/fingerprint.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/diagnose/probe.hpp"

#include <filesystem>
#include <functional>

namespace hfauth::cli {

/// For diagnose::ProbeInput::git_leaks. Starts git; no leaks if git says that the folder is in no
/// work tree. What was read and holds no token is remembered in a file of cache_folder(). The
/// fingerprinter must live as long as the process.
[[nodiscard]] std::function<diagnose::GitLeaks(const std::filesystem::path& folder)> git_leaks(
    const Environment& environment, const UserPaths& paths, const Fingerprinter& fingerprinter);

}  // namespace hfauth::cli
