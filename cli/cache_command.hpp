// SPDX-License-Identifier: Apache-2.0
//
// What the commands of the group "cache" have in common: which cache, which repository, and how
// sizes, times and trouble read.
#pragma once

#include "command.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/hub/cache_scan.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace hfauth::cli {

/// Adds --cache-dir.
void describe_cache_folder(po::options_description& options);

/// Adds --type.
void describe_repo_type(po::options_description& options);

/// --cache-dir, else the cache that huggingface_hub uses (HF_HUB_CACHE, HF_HOME), absolute.
[[nodiscard]] std::filesystem::path cache_folder(const po::variables_map& values,
                                                 const Context& context);

/// "ORG/NAME" of the type that --type names, else a model; or, as `cache ls` prints it,
/// "dataset/ORG/NAME". Errors: usage (an unknown type), invalid_input.
[[nodiscard]] Result<hub::Repo> parse_repo_argument(std::string_view word,
                                                    const po::variables_map& values);

/// An error of scan_cache; one for a cache that is not there says what that means.
[[nodiscard]] Error with_cache_cure(const Error& error);

/// A named repository of which the cache has nothing.
[[nodiscard]] Error not_cached(const hub::Repo& repo);

/// "16.4K": decimal units and one digit, as `hf cache ls` shows sizes.
[[nodiscard]] std::string show_size(std::uint64_t size);

/// "2026-11-22"; "-" for the epoch.
[[nodiscard]] std::string show_day(WallTime time);

/// One line: what is wrong, where, and the cure. The path safe for a terminal.
[[nodiscard]] std::string show_problem(const hub::CacheProblem& problem, const Context& context);

/// A path of the cache, safe for a terminal and with "~" for the home folder.
[[nodiscard]] std::string shown_path(const std::filesystem::path& path, const Context& context);

/// "--type dataset ORG/NAME", for commands that messages propose; safe for a terminal.
[[nodiscard]] std::string repo_words(hub::RepoType type, std::string_view id);

/// "hfauth download ..." with what follows quoted for a shell.
[[nodiscard]] std::string download_command(hub::RepoType type, std::string_view id,
                                           std::string_view revision, std::string_view file);

}  // namespace hfauth::cli
