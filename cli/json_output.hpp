// SPDX-License-Identifier: Apache-2.0
//
// What commands print with --format json: one object or array and a newline, keys never translated,
// never a token.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/agent/rules_client.hpp"
#include "hfauth/hub/download.hpp"
#include "hfauth/hub/hub_client.hpp"
#include "token_verdict.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hfauth::cli {

/// An array of {"name","default","user","role","kind","endpoint","token" (the
/// mask),"fingerprint","created","expires"}.
[[nodiscard]] std::string json_of(const std::vector<agent::StoredProfile>& profiles);

[[nodiscard]] std::string json_of(const agent::StoredProfile& profile);

/// {"running": true, ...}; {"running": false, "reason"} without a status.
/// `rules`: the other half of what Status answers, if it is to be told; what an older agent does
/// not say is null.
[[nodiscard]] std::string json_of(const Result<agent::AgentStatus>& status,
                                  const agent::AgentRules* rules = nullptr);

/// What `whoami` tells of one token.
struct WhoamiLine {
  const TokenVerdict& verdict;
  std::string endpoint;
  std::string source;
  std::string mask;
};

/// {"user","orgs","endpoint",...}: the first three as `hf auth whoami --format json` has them.
[[nodiscard]] std::string json_of(const WhoamiLine& line);

/// An array of the same.
[[nodiscard]] std::string json_of(const std::vector<WhoamiLine>& lines);

/// {"removed": [names], "remaining": [names]}
[[nodiscard]] std::string json_of_removal(const std::vector<std::string>& removed,
                                          const std::vector<std::string>& remaining);

/// {"HF_TOKEN_PATH","HF_ENDPOINT"}: what `hfauth env` sets; the second only if it must be set.
[[nodiscard]] std::string json_of_variables(const std::string& token_path,
                                            const std::string& endpoint);

/// {"error":{"command","code","message","exit_status"}}, for standard error.
[[nodiscard]] std::string json_of_error(std::string_view command, Errc code,
                                        const std::string& message);

/// What a download would do: {"commit","files":[{"path","size","etag","cached"}],"fetch","bytes"}.
[[nodiscard]] std::string json_of(const hub::DownloadPlan& plan);

/// What one did: {"path","commit","files","fetched","bytes"}; commit null if the Hub was not asked.
[[nodiscard]] std::string json_of(const hub::DownloadPlan& plan, const std::string& path);

}  // namespace hfauth::cli
