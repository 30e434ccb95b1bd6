// SPDX-License-Identifier: Apache-2.0
//
// The command line of hfauthd. Five options need no library, and this program starts in
// milliseconds.
#pragma once

#include "hfauth/core/result.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace hfauth::daemon {

struct Options {
  bool help = false;
  bool version = false;
  std::optional<int> ready_fd;
  std::optional<std::chrono::seconds> idle_exit;
};

[[nodiscard]] std::string_view help_text() noexcept;

/// `arguments` without the program's name. Errors: usage.
[[nodiscard]] Result<Options> parse_options(std::span<const char* const> arguments);

}  // namespace hfauth::daemon
