// SPDX-License-Identifier: Apache-2.0
//
// What the agent remembers beside the tokens: <state>/agent.json with the default profile of each
// endpoint, <state>/routes.json with what SetRoute made. No secret. Blocks on the disk: called on
// the worker.
#pragma once

#include "catalogue.hpp"
#include "hfauth/agent/routing.hpp"
#include "hfauth/core/result.hpp"

#include <filesystem>

namespace hfauth::daemon {

/// A missing file is an empty set. Errors: corrupt, permission, io.
[[nodiscard]] Result<Defaults> load_defaults(const std::filesystem::path& file);

/// Replaces the file, synced. Makes its folder. Errors: permission, denied, no_space, io.
[[nodiscard]] Result<void> save_defaults(const std::filesystem::path& file,
                                         const Defaults& defaults);

/// As load_defaults() and save_defaults().
[[nodiscard]] Result<std::vector<agent::Route>> load_routes(const std::filesystem::path& file);
[[nodiscard]] Result<void> save_routes(const std::filesystem::path& file,
                                       const std::vector<agent::Route>& routes);

}  // namespace hfauth::daemon
