// SPDX-License-Identifier: Apache-2.0
//
// Where hfauth's own files live (XDG Base Directory Specification 0.8). The Hub's files are
// hub_paths.hpp's.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"

#include <filesystem>

namespace hfauth {

struct UserPaths {
  std::filesystem::path home;
  std::filesystem::path config;  ///< $XDG_CONFIG_HOME/hfauth
  std::filesystem::path data;    ///< $XDG_DATA_HOME/hfauth: the vault
  std::filesystem::path
      state;  ///< $XDG_STATE_HOME/hfauth: key file, fingerprints, verdict cache, journal
  std::filesystem::path
      runtime;  ///< $XDG_RUNTIME_DIR/hfauth, else /tmp/hfauth-<uid>: socket, lock, leases

  /// A relative or empty XDG variable is ignored, as the specification says. HOME not set: the
  /// password database is asked. Creates nothing. Errors: not_found (no home directory at all).
  [[nodiscard]] static Result<UserPaths> from(const Environment& environment);

  /// The same where the home directory is known. Pure.
  [[nodiscard]] static UserPaths below(const std::filesystem::path& home,
                                       const Environment& environment);

  [[nodiscard]] std::filesystem::path agent_socket(
      const Environment& environment) const;  ///< HFAUTH_SOCK, else rule
};

/// Makes `directory` with mode 0700 (parents as mkdir -p; each new name is synced into its parent,
/// as what is acknowledged may lie below) and checks that it is a directory, ours, not a symbolic
/// link, and writable by nobody else. Errors: permission, denied (foreign or unsafe), no_space, io.
[[nodiscard]] Result<void> make_private_directory(const std::filesystem::path& directory);

/// The folder with the programs that people start, by /proc/self/exe: where the running program is,
/// or what is PREFIX/bin to it if it is in PREFIX/libexec/hfauth. Errors: io.
[[nodiscard]] Result<std::filesystem::path> program_directory();

/// "~/x" for a path below `home`, else the path: what people may paste into a bug report.
[[nodiscard]] std::string show_path(const std::filesystem::path& path,
                                    const std::filesystem::path& home);

}  // namespace hfauth
