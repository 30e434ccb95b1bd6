// SPDX-License-Identifier: Apache-2.0
//
// What commands print with --format json: one object or array and a newline, keys never translated,
// never a token.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/hub/hub_client.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hfauth::cli {

/// An array of {"name","default","user","role","kind","endpoint","token" (the
/// mask),"fingerprint","created","expires"}.
[[nodiscard]] std::string json_of(const std::vector<agent::StoredProfile>& profiles);

[[nodiscard]] std::string json_of(const agent::StoredProfile& profile);

/// {"running": true, ...}; {"running": false, "reason"} without a status.
[[nodiscard]] std::string json_of(const Result<agent::AgentStatus>& status);

/// {"user","orgs","endpoint",...}: the first three as `hf auth whoami --format json` has them.
[[nodiscard]] std::string json_of(const hub::Whoami& whoami, const std::string& endpoint,
                                  const std::string& source, const std::string& mask);

}  // namespace hfauth::cli
