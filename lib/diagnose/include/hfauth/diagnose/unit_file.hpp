// SPDX-License-Identifier: Apache-2.0
//
// A service unit of systemd as its program would be started: what its file and its drop-ins say,
// and the variables that follow from it. systemd.syntax(7), systemd.exec(5) of systemd 252.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// What of [Service] matters here, as it is written: with quotes and specifiers. An empty
/// assignment to a list has forgotten what stood before it.
struct UnitText {
  std::vector<std::string> commands;     ///< ExecStart=
  std::vector<std::string> environment;  ///< Environment=, each may set several
  std::vector<std::string> files;        ///< EnvironmentFile=
  std::vector<std::string> unset;        ///< UnsetEnvironment=
  std::string user;
  std::string folder;  ///< WorkingDirectory=
};

/// Adds what `text` says: a unit's file, or a drop-in behind it. Lines may be continued with a
/// backslash; comments between them are none. Pure.
void read_unit(std::string_view text, UnitText& unit);

/// %h is the home folder, %% a percent sign; other specifiers need the manager, and stay. Pure.
[[nodiscard]] std::string without_specifiers(std::string text, const std::filesystem::path& home);

/// A file of EnvironmentFile= that could not be read.
struct UnreadFile {
  std::string path;
  Error error;
  bool optional = false;  ///< "-" in front: that it is missing does not matter to the unit
};

/// Adds to the manager's `environment` what the unit gives its program: Environment=, then the
/// files, which win, less UnsetEnvironment=. Reads the files; gives those that it could not read.
[[nodiscard]] std::vector<UnreadFile> add_unit_environment(const UnitText& unit,
                                                           const std::filesystem::path& home,
                                                           Environment& environment);

}  // namespace hfauth::diagnose
