// SPDX-License-Identifier: Apache-2.0
//
// How git is asked what it keeps: nothing that a repository's configuration names is run (hooks,
// pagers, diff programs, file system monitors), nothing is fetched, and nobody is prompted.
#pragma once

#include "hfauth/core/environment.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace hfauth::cli {

/// `git -C folder WORDS` with what keeps it harmless; for run_child() and stream_child().
[[nodiscard]] std::vector<std::string> git_words(const std::filesystem::path& folder,
                                                 std::vector<std::string> words);

/// `environment` without the variables that point git at another repository or make it talk.
[[nodiscard]] Environment git_environment(Environment environment);

/// The work tree that `folder` is in; "" if git finds none, or does not want to read it. Blocks,
/// `longest` at most.
[[nodiscard]] std::string git_root(const Environment& environment,
                                   const std::filesystem::path& folder,
                                   std::chrono::milliseconds longest);

}  // namespace hfauth::cli
