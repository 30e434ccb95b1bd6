// SPDX-License-Identifier: Apache-2.0
//
// The one place that asks the password database, apart from the rest of the paths: a program that
// is linked statically (cli/launcher.cpp) must not come near the name service's modules.
#include "hfauth/core/paths.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace hfauth {
namespace {

std::optional<std::filesystem::path> home_in_password_database() {
  std::array<char, 16384> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  if (entry.pw_dir == nullptr || entry.pw_dir[0] != '/') return std::nullopt;
  return std::filesystem::path(entry.pw_dir);
}

}  // namespace

Result<UserPaths> UserPaths::from(const Environment& environment) {
  if (const auto home = environment.non_empty("HOME"); home && home->front() == '/')
    return below(*home, environment);
  const std::optional<std::filesystem::path> home = home_in_password_database();
  if (!home) {
    return Error{Errc::not_found,
                 "no home directory: HOME is not set and the system knows none; set HOME"};
  }
  return below(*home, environment);
}

}  // namespace hfauth
