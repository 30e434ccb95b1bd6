// SPDX-License-Identifier: Apache-2.0
//
// What surrounds the client: folders it writes to, a keyring, who called sudo, and which account is
// meant here.
#include "hfauth/core/file.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/token/hub_paths.hpp"
#include "probes.hpp"

#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <system_error>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;

FolderFacts look_at_folder(std::string variable, const fs::path& path) {
  FolderFacts folder;
  folder.variable = std::move(variable);
  folder.path = path.string();
  fs::path there = path;  // what does not exist yet is made in the nearest folder that does
  std::error_code ignored;
  while (!fs::exists(there, ignored) && there.has_relative_path()) {
    there = there.parent_path();
  }

  struct stat status {};

  if (stat(there.c_str(), &status) != 0) {
    return folder;
  }
  folder.exists = there == path;
  folder.mode = status.st_mode & 07777U;
  folder.owner = status.st_uid;
  folder.writable = access(there.c_str(), W_OK) == 0;

  struct statvfs space {};

  if (statvfs(there.c_str(), &space) == 0) {
    folder.free_bytes = std::uint64_t{space.f_bavail} * space.f_frsize;
    folder.total_bytes = std::uint64_t{space.f_blocks} * space.f_frsize;
  }
  return folder;
}

std::string home_of(const std::string& user) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool known = getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
                     found != nullptr;
  return known ? entry.pw_dir : "/home/" + user;
}

// expect_user = "alice" of ./hfauth.toml: who is meant in this folder.
std::string expected_user(const fs::path& folder) {
  const Result<std::string> content = read_file(folder / "hfauth.toml");
  if (!content) {
    return "";
  }
  constexpr std::string_view kKey = "expect_user";
  std::string_view rest = *content;
  while (!rest.empty()) {
    const std::string_view line = take_until(rest, '\n');
    const std::size_t begin = line.find('"');
    const std::size_t close = line.rfind('"');
    if (line.starts_with(kKey) && begin < close) {
      return redact(line.substr(begin + 1, close - begin - 1));
    }
  }
  return "";
}

}  // namespace

void probe_folders(const ProbeInput& input, Facts& facts) {
  const token::HubPaths paths = token::HubPaths::from(facts.environment, input.paths.home);
  for (const auto& [name, path] :
       {std::pair{"HF_HOME", &paths.hf_home}, std::pair{"HF_HUB_CACHE", &paths.hub_cache}}) {
    facts.folders.push_back(
        look_at_folder(name, path->is_absolute() ? *path : input.working_directory / *path));
  }
}

void probe_surroundings(const ProbeInput& input, Facts& facts) {
  std::error_code ignored;
  const bool bus = facts.environment.non_empty("DBUS_SESSION_BUS_ADDRESS").has_value() ||
                   fs::exists(input.root / "run/user" / std::to_string(geteuid()) / "bus", ignored);
  facts.keyring.state = bus ? "available" : "no_bus";
  if (const auto user = facts.environment.non_empty("SUDO_USER")) {
    facts.sudo.user = *user;
    facts.sudo.home = facts.environment.non_empty("SUDO_HOME").value_or(home_of(*user));
  }
  facts.expected_user = expected_user(input.working_directory);
}

}  // namespace hfauth::diagnose
