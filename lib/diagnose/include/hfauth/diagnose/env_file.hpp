// SPDX-License-Identifier: Apache-2.0
//
// NAME=VALUE lines as different programs read them: each has its own rules for quotes. Used by the
// probe of services and by the contexts that the doctor is asked about. Pure.
#pragma once

#include "hfauth/core/environment.hpp"

#include <cstddef>
#include <string_view>

namespace hfauth::diagnose {

enum class AssignmentStyle {
  pam,      ///< /etc/environment: an "export" in front is allowed, one pair of quotes goes
  crontab,  ///< spaces around "=", one pair of quotes goes; other lines are jobs
  systemd,  ///< EnvironmentFile=: quotes, also around lines; backslashes, also at the end of one
  session,  ///< environment.d: as systemd, and $NAME, ${NAME}, ${NAME:-x}, ${NAME:+x} are put in
};

/// Adds what the lines of `text` set; a later line wins. Lines that set nothing are passed over.
/// How many lines set something.
std::size_t add_assignments(std::string_view text, AssignmentStyle style, Environment& environment);

/// Adds the words of Environment= of a unit: A=b "C=d e" 'F=g'.
void add_unit_assignments(std::string_view value, Environment& environment);

/// Whether a Defaults line of sudoers keeps the variable, or keeps them all (!env_reset).
[[nodiscard]] bool keeps_variable(std::string_view sudoers, std::string_view name);

}  // namespace hfauth::diagnose
