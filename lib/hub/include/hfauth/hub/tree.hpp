// SPDX-License-Identifier: Apache-2.0
//
// The files of one commit as the Hub lists them (/api/{type}s/{id}/tree/{commit}). A commit never
// changes, so its list is kept in trees/<commit>.json beside the snapshots, in the form that
// huggingface_hub >= 1.22 reads and writes (facts/hub-auth.md §2.4).
#pragma once

#include "hfauth/core/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hfauth::hub {

/// So many files of one repository are kept in memory: about 40 MiB. The Hub advises to stay below
/// 100,000 files a repository (hub-docs, storage limits).
inline constexpr std::size_t kMostTreeFiles = 100'000;

/// So many entries are looked through, folders included: a list without end must end somewhere.
inline constexpr std::size_t kMostTreeEntries = 2'000'000;

struct TreeFile {
  std::string path;  ///< safe to join (check_repo_path)
  std::uint64_t size = 0;
  std::string blob_id;     ///< git's: 40 hex; of a large file that of its pointer
  std::string lfs_sha256;  ///< 64 hex, or "": not in large-file storage
  std::string xet_hash;    ///< 64 hex, or "": not in Xet storage

  /// What the Hub sends as the file's ETag, and what its blob is called.
  [[nodiscard]] const std::string& etag() const noexcept {
    return lfs_sha256.empty() ? blob_id : lfs_sha256;
  }
};

struct Tree {
  std::vector<TreeFile> files;  ///< sorted by path, no path twice
  bool is_whole = true;         ///< false: only what the filter wanted, because there are too many
};

}  // namespace hfauth::hub
