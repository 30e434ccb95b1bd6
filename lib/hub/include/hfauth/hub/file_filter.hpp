// SPDX-License-Identifier: Apache-2.0
//
// Which files of a repository are wanted, by the globs of `hf download --include/--exclude`
// (huggingface_hub 2.4 filter_repo_objects). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

/// Python's fnmatch.fnmatchcase (3.11): `*` and `?` match "/" too, `[a-z]` and `[!a-z]`, an
/// unclosed `[` is itself. Characters are code points; a byte that is not UTF-8 is one of its own.
/// Time: pattern times text.
[[nodiscard]] bool matches_glob(std::string_view text, std::string_view pattern);

/// Backslashes count as slashes in patterns and paths; a pattern that ends in "/" means all below.
struct FileFilter {
  std::vector<std::string> include;  ///< empty: every file
  std::vector<std::string> exclude;

  [[nodiscard]] bool wants(std::string_view path) const;

  [[nodiscard]] bool is_open() const noexcept { return include.empty() && exclude.empty(); }
};

}  // namespace hfauth::hub
