// SPDX-License-Identifier: Apache-2.0
//
// trees/<commit>.json: all files of a commit, as huggingface_hub 1.22 and later note them beside a
// snapshot (2.4 _tree_cache.py, format 1). A commit never changes, so neither does this.
#pragma once

#include "hfauth/core/result.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::hub {

struct TreeEntry {
  std::uint64_t size = 0;  ///< of the content, also where git holds a pointer
  std::string etag;        ///< 64 hex (SHA-256) of a large file, else 40 hex (git's SHA-1);
                           ///< "": the name alone is known
};

/// By path in the repository; every path is safe to join (check_repo_path).
using TreeListing = std::map<std::string, TreeEntry>;

/// The same from the text of the file. nullopt: a format that is not known. Errors: corrupt.
[[nodiscard]] Result<std::optional<TreeListing>> parse_tree_listing(std::string_view text);

/// nullopt if there is no such file, or one of a format that is not known. Errors: permission, io,
/// too_large, corrupt (no JSON, a wrong type, an unsafe path).
[[nodiscard]] Result<std::optional<TreeListing>> read_tree_listing(
    const std::filesystem::path& file);

}  // namespace hfauth::hub
