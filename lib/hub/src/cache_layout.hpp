// SPDX-License-Identifier: Apache-2.0
//
// Where everything lies in the Hub's cache (huggingface_hub 1.29 file_download.py; hub-docs
// local-cache.md), and whether a file that lies there may be used. Touches nothing; reads metadata
// only.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/hub/repo.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::hub {

/// 40 lower-case hexadecimal digits.
[[nodiscard]] bool is_commit(std::string_view revision);

/// A branch, tag or commit that can be joined to refs/: no "..", not absolute. Errors:
/// invalid_input.
[[nodiscard]] Result<std::string> check_revision(std::string_view revision);

struct CachePaths {
  CachePaths(const std::filesystem::path& cache_root, const Repo& repo);

  std::filesystem::path root;
  std::filesystem::path folder;  ///< root/models--ORG--NAME
  std::filesystem::path locks;   ///< root/.locks/models--ORG--NAME

  [[nodiscard]] std::filesystem::path ref(const std::string& revision) const;
  [[nodiscard]] std::filesystem::path snapshot(const std::string& commit,
                                               const std::string& file) const;
  [[nodiscard]] std::filesystem::path absence(const std::string& commit,
                                              const std::string& file) const;
  [[nodiscard]] std::filesystem::path blob(const std::string& etag) const;
  [[nodiscard]] std::filesystem::path lock(const std::string& etag) const;
  [[nodiscard]] std::filesystem::path tree(const std::string& commit) const;
};

/// "../../blobs/<etag>", with one more "../" for each folder in `file`: what a snapshot's link
/// holds.
[[nodiscard]] std::string link_to_blob(const std::string& etag, const std::string& file);

/// `path` if it is, through however many links, a regular file inside the cache, and of `size`
/// bytes if that is given; nullopt if there is none such. A repository's folder that is itself a
/// link may lie elsewhere: that is the user's own arrangement. Errors: permission (naming the
/// folder that cannot be entered), corrupt (a link out of the cache).
[[nodiscard]] Result<std::optional<std::filesystem::path>> usable_file(
    const CachePaths& paths, const std::filesystem::path& path,
    std::optional<std::uint64_t> size = {});

/// Whether something exists at `path`, a dangling link not. Errors: permission, io.
[[nodiscard]] Result<bool> is_present(const std::filesystem::path& path);

/// What refs/<revision> says, or the revision itself if it is a commit; "" if it is not in the
/// cache. Another snapshot is never guessed. Errors: permission, corrupt (no commit in it).
[[nodiscard]] Result<std::string> cached_commit(const CachePaths& paths,
                                                const std::string& revision);

/// For a path that gave EACCES: names the first folder on the way that cannot be entered, or the
/// file itself.
[[nodiscard]] Error no_access(const std::filesystem::path& path);

}  // namespace hfauth::hub
