// SPDX-License-Identifier: Apache-2.0
//
// The state of one file of the cache, behind whatever links lead to it, and of one lock.
#pragma once

#include "folder_walk.hpp"
#include "repo_scan.hpp"

namespace hfauth::hub {

/// Where a link may lead to: the cache, or the repository's folder if the user moved that
/// elsewhere.
struct Grounds {
  const CacheRoot& root;
  std::filesystem::path repo;  ///< behind all links
};

/// `entry` of the open `folder`, whose path is `parent`. `present` with `inode` 0: a link to
/// something that is no file.
[[nodiscard]] CachedBlob probe_blob(const Grounds& grounds, const std::filesystem::path& parent,
                                    int folder, const FolderEntry& entry);

/// Whether a writer holds the lock file, or that cannot be told (no right to look, no flock there).
/// A lock file that does not exist is held by nobody. Does not wait.
[[nodiscard]] bool is_locked(const std::filesystem::path& lock_file);

}  // namespace hfauth::hub
