// SPDX-License-Identifier: Apache-2.0
//
// Status calls; the canonical path is asked for where a link is not one that the clients write.
#include "blob_probe.hpp"

#include "hfauth/core/hex.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hfauth::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPayloadDigits = 64;

bool is_inside(const fs::path& folder, const fs::path& path) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

WallTime wall_time(const struct timespec& time) {
  return WallTime(std::chrono::seconds(time.tv_sec));
}

/// Root reads everything, and most files are for all to read: then no call is needed.
bool is_readable(int folder, const std::string& name, mode_t mode) {
  constexpr mode_t kForAll = S_IRUSR | S_IRGRP | S_IROTH;
  return (mode & kForAll) == kForAll || ::faccessat(folder, name.c_str(), R_OK, AT_EACCESS) == 0;
}

}  // namespace

std::string payload_name(const fs::path& cache_root, const fs::path& path) {
  std::string name = path.filename().string();
  const bool good = hex::is_lower(name, kPayloadDigits) &&
                    path.parent_path() == cache_root / "blobs" / name.substr(0, 2);
  return good ? name : std::string();
}

CachedBlob probe_blob(const Grounds& grounds, const fs::path& parent, int folder,
                      const FolderEntry& entry) {
  CachedBlob blob;
  blob.path = parent / entry.name;

  struct stat status {};

  const bool is_link = entry.kind == FolderEntry::Kind::link;
  if (::fstatat(folder, entry.name.c_str(), &status, is_link ? 0 : AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == EACCES) blob.state = BlobState::unreadable;
    return blob;
  }
  blob.state = BlobState::present;
  if (!S_ISREG(status.st_mode)) return blob;
  if (is_link) {
    const fs::path target = parent / link_text(folder, entry.name);
    blob.shared = payload_name(grounds.root.path, target.lexically_normal());
    if (blob.shared.empty()) {
      std::error_code failed;
      const fs::path real = fs::canonical(blob.path, failed);
      const bool is_here =
          !failed && (is_inside(grounds.root.real, real) || is_inside(grounds.repo, real));
      if (!is_here) {
        blob.state = BlobState::outside;
        return blob;
      }
    }
  }
  blob.size = static_cast<std::uint64_t>(status.st_size);
  blob.accessed = wall_time(status.st_atim);
  blob.modified = wall_time(status.st_mtim);
  blob.device = status.st_dev;
  blob.inode = status.st_ino;
  if (!is_readable(folder, entry.name, status.st_mode)) blob.state = BlobState::unreadable;
  return blob;
}

bool is_locked(const fs::path& lock_file) {
  const UniqueFd lock(::open(lock_file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!lock) return errno != ENOENT && errno != ENOTDIR;
  return ::flock(lock.get(), LOCK_SH | LOCK_NB) != 0;
}

}  // namespace hfauth::hub
