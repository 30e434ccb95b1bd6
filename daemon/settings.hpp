// SPDX-License-Identifier: Apache-2.0
//
// What the agent remembers beside the tokens: <state>/agent.json with the default profile of each
// endpoint. No secret. Blocks on the disk: called on the worker.
#pragma once

#include "catalogue.hpp"
#include "hfauth/core/result.hpp"

#include <filesystem>

namespace hfauth::daemon {

/// A missing file is an empty set. Errors: corrupt, permission, io.
[[nodiscard]] Result<Defaults> load_defaults(const std::filesystem::path& file);

/// Replaces the file, synced. Makes its folder. Errors: permission, denied, no_space, io.
[[nodiscard]] Result<void> save_defaults(const std::filesystem::path& file,
                                         const Defaults& defaults);

}  // namespace hfauth::daemon
