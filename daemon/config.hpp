// SPDX-License-Identifier: Apache-2.0
//
// $XDG_CONFIG_HOME/hfauth/config.toml: what the user decided about routes, policy, locking,
// confirmation and the audit (docs/man/hfauth-config.5.scd tells every key). A file is taken whole
// or not at all. Pure but for read_config(), which blocks.
#pragma once

#include "audit_writer.hpp"
#include "hfauth/agent/routing.hpp"
#include "hfauth/core/result.hpp"
#include "policy.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::daemon {

/// Thousands of rules; more is a mistake, and reading it would take long.
inline constexpr std::size_t kMaxConfigBytes = std::size_t{256} << 10;

/// Each request looks at all of them, which takes less than 100 µs.
inline constexpr std::size_t kMaxRules = 2000;

struct Config {
  std::vector<agent::Route> routes{};
  std::vector<PolicyRule> policy{};

  struct Locking {
    std::optional<std::chrono::seconds> idle{};   ///< after the last GetToken
    std::optional<std::chrono::seconds> after{};  ///< after Unlock or the start
    bool on_sleep = false;
    bool on_screen_lock = false;
  } locking{};

  struct Confirmation {
    std::vector<std::string> program{};  ///< argv without the question; empty: SSH_ASKPASS
    std::chrono::seconds timeout{30};    ///< then it is denied
    std::chrono::seconds remember{0};    ///< how long a yes holds for the same program
  } confirmation{};

  struct Auditing {
    bool enabled = true;
    AuditLimits limits{};
  } auditing{};
};

/// `name` stands in messages and sources: "config.toml". Errors: usage, one line: the place of the
/// first mistake, what is wrong, what may be meant, and how many others there are.
[[nodiscard]] Result<Config> parse_config(std::string_view text, std::string_view name);

/// The file's text. A symbolic link is followed. Errors: not_found; denied (the file or its folder
/// can be changed by others, belongs to somebody else, is no regular file); too_large; permission,
/// io.
[[nodiscard]] Result<std::string> read_config(const std::filesystem::path& file);

}  // namespace hfauth::daemon
