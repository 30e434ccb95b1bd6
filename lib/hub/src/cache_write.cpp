// SPDX-License-Identifier: Apache-2.0
//
// POSIX calls under temporary names, then rename(2).
#include "cache_write.hpp"

#include "blob_file.hpp"
#include "hfauth/core/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0666;  // less the umask
constexpr std::size_t kRefLimit = 1024;

/// Bford's CACHEDIR.TAG specification 0.6: backups leave the folder out. The first line is the
/// signature.
constexpr std::string_view kCacheTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file marks a cache of the Hugging Face Hub, shared by huggingface_hub and hfauth.\n"
    "# For information about cache directory tags, see https://bford.info/cachedir/\n";

}  // namespace

Result<void> make_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) return {};
  return error_from_errno(failed.value(), folder.string());
}

Result<void> write_small_file(const fs::path& path, std::string_view content) {
  if (Result<void> made = make_folder(path.parent_path()); !made) return made;
  fs::path temporary = path;
  temporary += "." + random_suffix() + ".tmp";
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  if (!fd) return error_from_errno(errno, temporary.string());
  const ssize_t n_bytes = ::write(fd.get(), content.data(), content.size());
  const bool good = n_bytes == static_cast<ssize_t>(content.size()) && ::close(fd.release()) == 0 &&
                    ::rename(temporary.c_str(), path.c_str()) == 0;
  if (good) return {};
  const int reason =
      n_bytes >= 0 && n_bytes < static_cast<ssize_t>(content.size()) ? ENOSPC : errno;
  ::unlink(temporary.c_str());
  return error_from_errno(reason, path.string());
}

Result<void> write_ref(const CachePaths& paths, const std::string& revision,
                       const std::string& commit) {
  if (revision == commit) return {};
  const fs::path ref = paths.ref(revision);
  const Result<std::string> old = read_file(ref, kRefLimit);
  if (old && *old == commit) return {};
  return write_small_file(ref, commit);
}

Result<void> tag_cache(const fs::path& folder) {
  const fs::path tag = folder / "CACHEDIR.TAG";
  std::error_code ignored;
  if (fs::exists(tag, ignored)) return {};
  return write_small_file(tag, kCacheTag);
}

Result<void> copy_whole(const fs::path& from, const fs::path& to) {
  fs::path temporary = to;
  temporary += "." + random_suffix() + ".tmp";
  std::error_code failed;
  fs::copy_file(from, temporary, failed);
  if (!failed) fs::rename(temporary, to, failed);
  if (!failed) return {};
  ::unlink(temporary.c_str());
  return error_from_errno(failed.value(), to.string());
}

Result<void> link_snapshot(const fs::path& snapshot, const fs::path& blob,
                           const std::string& target, LinkRule rule) {
  if (rule.may_link) {
    if (::symlink(target.c_str(), snapshot.c_str()) == 0) return {};
    if (errno == EEXIST) {  // dangling, or of another length: usable ones were found before
      if (::unlink(snapshot.c_str()) != 0 && errno != ENOENT)
        return error_from_errno(errno, snapshot.string());
      if (::symlink(target.c_str(), snapshot.c_str()) == 0) return {};
    }
    const bool has_no_links = errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS;
    if (!has_no_links) return error_from_errno(errno, snapshot.string());
  }
  if (rule.needs_blob) return copy_whole(blob, snapshot);
  if (::rename(blob.c_str(), snapshot.c_str()) == 0) return {};
  return error_from_errno(errno, snapshot.string());
}

}  // namespace hfauth::hub
