// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor --ack: findings that the user knows of, kept in the configuration folder
// (acknowledged.json, 0600), each with its last day and a reason.
#pragma once

#include "command.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/diagnose/finding.hpp"

#include <vector>

namespace hfauth::cli {

void describe_acknowledging(po::options_description& options);

/// Those that hold today (UTC). No file: none. Errors: corrupt, permission, io.
[[nodiscard]] Result<std::vector<diagnose::Acknowledgement>> acknowledgements(
    const UserPaths& paths, const Clock& clock);

/// --ack ID with --until and --reason: adds or replaces one; --until now takes it back. The exit
/// status.
int acknowledge(const po::variables_map& values, const Clock& clock, Context& context);

}  // namespace hfauth::cli
