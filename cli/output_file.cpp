// SPDX-License-Identifier: Apache-2.0
//
// Links are resolved here and not by realpath(3), because the file at the end need not exist.
#include "output_file.hpp"

#include "hfauth/core/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace hfauth::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kStandardOutput{"-", "/dev/stdout", "/dev/fd/1",
                                                          "/proc/self/fd/1"};

/// As many as Linux follows (path_resolution(7)).
constexpr int kMostLinks = 40;

Result<fs::path> behind_links(fs::path path) {
  const fs::path asked = path;
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code failed;
    if (!fs::is_symlink(fs::symlink_status(path, failed))) return path;
    const fs::path target = fs::read_symlink(path, failed);
    if (failed) return error_from_errno(failed.value(), path.string());
    path = path.parent_path() / target;  // an absolute target replaces the folder
  }
  return error_from_errno(ELOOP, asked.string());
}

}  // namespace

bool is_standard_output(std::string_view name) noexcept {
  return std::find(kStandardOutput.begin(), kStandardOutput.end(), name) != kStandardOutput.end();
}

Result<void> write_output(const std::string& name, std::string_view content) {
  std::error_code ignored;  // what cannot be looked at is for the write to report
  const fs::file_status there = fs::status(name, ignored);
  if (fs::exists(there) && !fs::is_regular_file(there)) return write_in_place(name, content);
  const Result<fs::path> path = behind_links(name);
  if (!path) return path.error();
  return write_file_atomically(*path, content, 0600, Durability::renamed);
}

}  // namespace hfauth::cli
