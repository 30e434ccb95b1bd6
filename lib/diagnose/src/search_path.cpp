// SPDX-License-Identifier: Apache-2.0
//
// An empty or relative folder of PATH depends on where one stands; it is left out.
#include "search_path.hpp"

#include "hfauth/core/text_pieces.hpp"

#include <unistd.h>

#include <string>
#include <utility>

namespace hfauth::diagnose {

std::vector<std::filesystem::path> search_path(const Environment& environment) {
  const std::string path = environment.get("PATH").value_or("");
  std::vector<std::filesystem::path> folders;
  for (std::string_view rest = path; !rest.empty();) {
    std::filesystem::path folder = take_until(rest, ':');
    if (folder.is_absolute()) {
      folders.push_back(std::move(folder));
    }
  }
  return folders;
}

std::optional<std::filesystem::path> on_path(const Environment& environment, const char* name) {
  for (const std::filesystem::path& folder : search_path(environment)) {
    std::filesystem::path file = folder / name;
    if (access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return std::nullopt;
}

}  // namespace hfauth::diagnose
