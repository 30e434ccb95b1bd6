// SPDX-License-Identifier: Apache-2.0
//
// The files that set variables for programs which are started later: those of shells, of the
// session (environment.d, PAM), of systemd's units; and how each of them writes it.
#pragma once

#include "hfauth/diagnose/probe.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// How a file writes that a variable is set.
enum class Notation {
  shell,       ///< export NAME=..., NAME=..., set -gx NAME ..., setenv NAME ...
  assignment,  ///< NAME=... alone: environment.d, /etc/environment, crontab
  unit,        ///< Environment=NAME=... "NAME=..." of systemd
};

struct StartUpFile {
  std::filesystem::path path;
  Notation notation = Notation::shell;
};

/// The user's folder for configuration: $XDG_CONFIG_HOME, or ~/.config.
[[nodiscard]] std::filesystem::path config_home(const ProbeInput& input);

/// All that may exist for this user, in the order in which they are read. Reads folders.
[[nodiscard]] std::vector<StartUpFile> start_up_files(const ProbeInput& input);

/// The user's unit files of systemd and those of the system, with the drop-ins of each behind it.
[[nodiscard]] std::vector<std::filesystem::path> unit_files(const ProbeInput& input);

/// The files of a folder whose names end so, sorted; no more than anybody has there.
[[nodiscard]] std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder,
                                                            std::string_view suffix);

/// The variable of the Hub's clients that the line sets; "" if it sets none, or is a comment.
[[nodiscard]] std::string variable_set_by(std::string_view line, Notation notation);

}  // namespace hfauth::diagnose
