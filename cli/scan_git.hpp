// SPDX-License-Identifier: Apache-2.0
//
// What git keeps of a folder, for `hfauth scan`: the remotes' addresses, the index, and every
// commit that it can reach. git is asked as a program; nothing that a repository's configuration
// names is run (hooks, pagers, diff programs, file system monitors), and nothing is fetched.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/diagnose/leaks.hpp"

#include <chrono>
#include <filesystem>

namespace hfauth::cli {

/// How much is looked at.
struct GitScanLimits {
  bool history = true;                         ///< the commits too
  std::chrono::milliseconds longest{120'000};  ///< for each question; what is found by then is told
};

/// Scans the repository that `folder` is in, if it is in one. `environment` is what git gets. What
/// could not be asked is told to `scan`.
void scan_git(diagnose::LeakScan& scan, const Environment& environment,
              const std::filesystem::path& folder, const GitScanLimits& limits);

/// Whether git would take the file into a commit: it is in a repository, and no rule ignores it.
/// Blocks on git, up to 20 s.
[[nodiscard]] bool would_be_committed(const Environment& environment,
                                      const std::filesystem::path& file);

}  // namespace hfauth::cli
