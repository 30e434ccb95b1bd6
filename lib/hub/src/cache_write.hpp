// SPDX-License-Identifier: Apache-2.0
//
// The single writes that fill the cache: each is one atomic step, so that whoever dies in between
// leaves nothing that can be read and is not whole.
#pragma once

#include "cache_layout.hpp"
#include "hfauth/core/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace hfauth::hub {

/// With its parents, as the umask has it. Errors: permission, no_space, io.
[[nodiscard]] Result<void> make_folder(const std::filesystem::path& folder);

/// A whole small file under a temporary name, then renamed: <path>.<8 hex>.tmp, as huggingface_hub
/// names it. Makes the folder. Errors: permission, no_space, io.
[[nodiscard]] Result<void> write_small_file(const std::filesystem::path& path,
                                            std::string_view content);

/// refs/<revision>, if it does not say so already and `revision` is no commit.
[[nodiscard]] Result<void> write_ref(const CachePaths& paths, const std::string& revision,
                                     const std::string& commit);

/// CACHEDIR.TAG in `folder`, if there is none: backups leave the folder out.
[[nodiscard]] Result<void> tag_cache(const std::filesystem::path& folder);

struct LinkRule {
  bool may_link = true;     ///< false: a file instead of a symbolic link
  bool needs_blob = false;  ///< other snapshots of this download need the blob where it is
};

/// The snapshot's link to the blob. Where the file system has no symbolic links, or must have none,
/// the blob itself moves there, as huggingface_hub does it, or a copy does. Errors: permission,
/// no_space, io.
[[nodiscard]] Result<void> link_snapshot(const std::filesystem::path& snapshot,
                                         const std::filesystem::path& blob,
                                         const std::string& target, LinkRule rule);

/// A copy under a temporary name, then renamed. Errors: permission, no_space, io.
[[nodiscard]] Result<void> copy_whole(const std::filesystem::path& from,
                                      const std::filesystem::path& to);

}  // namespace hfauth::hub
