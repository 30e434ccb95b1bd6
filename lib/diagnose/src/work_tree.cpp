// SPDX-License-Identifier: Apache-2.0
#include "hfauth/diagnose/work_tree.hpp"

#include <system_error>

namespace hfauth::diagnose {

std::filesystem::path work_tree_of(std::filesystem::path folder) {
  std::error_code ignored;
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / ".git", ignored)) return folder;
    if (folder == folder.parent_path()) break;
  }
  return {};
}

}  // namespace hfauth::diagnose
