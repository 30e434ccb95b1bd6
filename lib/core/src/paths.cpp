// SPDX-License-Identifier: Apache-2.0
//
// XDG Base Directory Specification 0.8, and the checks that make a directory fit for secrets.
#include "hfauth/core/paths.hpp"

#include "hfauth/core/cache_folder.hpp"
#include "hfauth/core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

namespace hfauth {
namespace {

std::optional<std::filesystem::path> absolute(const Environment& environment,
                                              std::string_view name) {
  const auto value = environment.non_empty(name);
  if (!value || value->front() != '/') return std::nullopt;
  return std::filesystem::path(*value);
}

Result<void> check_private(const std::filesystem::path& directory) {
  struct stat status {};

  if (lstat(directory.c_str(), &status) != 0) return error_from_errno(errno, directory.string());
  if (S_ISLNK(status.st_mode)) {
    return Error{Errc::denied,
                 directory.string() + ": is a symbolic link; remove it and try again"};
  }
  if (!S_ISDIR(status.st_mode))
    return Error{Errc::denied, directory.string() + ": is not a directory"};
  if (status.st_uid != getuid()) {
    return Error{Errc::denied, fmt::format("{}: belongs to user {}, not to you", directory.string(),
                                           status.st_uid)};
  }
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{Errc::denied, fmt::format("{0}: others may write there; run: chmod 700 {0}",
                                           directory.string())};
  }
  return {};
}

}  // namespace

UserPaths UserPaths::below(const std::filesystem::path& home, const Environment& environment) {
  UserPaths paths;
  paths.home = home;
  paths.config = absolute(environment, "XDG_CONFIG_HOME").value_or(home / ".config") / "hfauth";
  paths.data = absolute(environment, "XDG_DATA_HOME").value_or(home / ".local/share") / "hfauth";
  paths.state = absolute(environment, "XDG_STATE_HOME").value_or(home / ".local/state") / "hfauth";
  const auto runtime = absolute(environment, "XDG_RUNTIME_DIR");
  paths.runtime = runtime ? *runtime / "hfauth"
                          : std::filesystem::path(fmt::format("/tmp/hfauth-{}", getuid()));
  return paths;
}

std::filesystem::path cache_folder(const std::filesystem::path& home,
                                   const Environment& environment) {
  return absolute(environment, "XDG_CACHE_HOME").value_or(home / ".cache") / "hfauth";
}

std::filesystem::path UserPaths::agent_socket(const Environment& environment) const {
  return absolute(environment, "HFAUTH_SOCK").value_or(runtime / "agent.sock");
}

Result<void> make_private_directory(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> missing;
  std::filesystem::path at = directory;

  struct stat status {};

  while (!at.empty() && at != at.root_path() && lstat(at.c_str(), &status) != 0) {
    if (errno != ENOENT) return error_from_errno(errno, at.string());
    missing.push_back(at);
    at = at.parent_path();
  }
  for (auto part = missing.rbegin(); part != missing.rend(); ++part) {
    if (mkdir(part->c_str(), 0700) != 0 && errno != EEXIST)
      return error_from_errno(errno, part->string());
    // A parent that may be searched but not read cannot be opened for fsync: as durable as it gets.
    const Result<void> synced = sync_directory(part->has_parent_path() ? part->parent_path() : ".");
    if (!synced && synced.error().code != Errc::permission) return synced.error();
  }
  return check_private(directory);
}

Result<std::filesystem::path> program_directory() {
  std::array<char, 4096> buffer{};
  const ssize_t size = readlink("/proc/self/exe", buffer.data(), buffer.size());
  if (size <= 0 || static_cast<std::size_t>(size) == buffer.size()) {
    return error_from_errno(size < 0 ? errno : ENAMETOOLONG, "/proc/self/exe");
  }
  std::filesystem::path folder =
      std::filesystem::path(std::string_view(buffer.data(), static_cast<std::size_t>(size)))
          .parent_path();
  if (folder.filename() != "hfauth" || folder.parent_path().filename() != "libexec") return folder;
  return folder.parent_path().parent_path() / "bin";
}

std::string show_path(const std::filesystem::path& path, const std::filesystem::path& home) {
  std::string text = path.string();
  const std::string prefix = home.string();
  if (prefix.size() > 1 && text.starts_with(prefix) &&
      (text.size() == prefix.size() || text[prefix.size()] == '/')) {
    return "~" + text.substr(prefix.size());
  }
  return text;
}

}  // namespace hfauth
