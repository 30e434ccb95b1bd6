// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/search_path.hpp"

#include "hfauth/core/text_pieces.hpp"

#include <unistd.h>

namespace hfauth {

std::vector<std::filesystem::path> folders_of_path(std::string_view value) {
  std::vector<std::filesystem::path> folders;
  for (bool more = true; more;) {
    more = value.find(':') != std::string_view::npos;
    const std::string_view folder = take_until(value, ':');
    folders.emplace_back(folder.empty() ? "." : folder);
  }
  return folders;
}

std::vector<std::filesystem::path> search_path(const Environment& environment) {
  std::vector<std::filesystem::path> folders =
      folders_of_path(environment.get("PATH").value_or(""));
  std::erase_if(folders, [](const std::filesystem::path& one) { return !one.is_absolute(); });
  return folders;
}

std::optional<std::filesystem::path> on_path(const Environment& environment,
                                             const std::string& name) {
  for (const std::filesystem::path& folder : search_path(environment)) {
    std::filesystem::path file = folder / name;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return std::nullopt;
}

}  // namespace hfauth
