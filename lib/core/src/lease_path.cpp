// SPDX-License-Identifier: Apache-2.0
//
// The layout is daemon/lease_files.hpp's.
#include "hfauth/core/lease_path.hpp"

#include <string>
#include <system_error>

namespace hfauth {
namespace {

bool is_runtime_name(const std::string& name) {
  constexpr std::string_view kWithUser = "hfauth-";
  return name == "hfauth" ||
         (name.starts_with(kWithUser) && name.size() > kWithUser.size() &&
          name.find_first_not_of("0123456789", kWithUser.size()) == std::string::npos);
}

}  // namespace

bool is_lease_path(const std::filesystem::path& file, const std::filesystem::path& runtime) {
  const std::filesystem::path path = file.lexically_normal();
  if (path.filename() != "token") return false;
  const std::filesystem::path slot = path.parent_path();
  std::filesystem::path root = slot.parent_path();
  if (root.filename() == "lease") {
    root = root.parent_path();
  } else if (slot.filename() != "default") {
    return false;
  }
  return root == runtime.lexically_normal() || is_runtime_name(root.filename().string());
}

bool is_lease_file(const std::filesystem::path& file, const std::filesystem::path& runtime) {
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::weakly_canonical(file, failed);
  if (failed) return is_lease_path(file, runtime);
  const std::filesystem::path real_runtime = std::filesystem::weakly_canonical(runtime, failed);
  return is_lease_path(file, runtime) || is_lease_path(real, failed ? runtime : real_runtime);
}

}  // namespace hfauth
