// SPDX-License-Identifier: Apache-2.0
//
// The command line of hfauth-net.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/token/profile_name.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace hfauth::net {

struct Options {
  std::optional<token::ProfileName> profile;  ///< nullopt: all
  bool force = false;                         ///< also what is not due
  bool help = false;
  bool version = false;
};

[[nodiscard]] std::string_view help_text() noexcept;

/// Arguments without the program's name. Errors: usage.
[[nodiscard]] Result<Options> parse_options(std::span<const char* const> arguments);

}  // namespace hfauth::net
