// SPDX-License-Identifier: Apache-2.0
//
// One readdir a folder, one status call a name only where the file system does not tell the kind.
#include "folder_walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>

namespace hfauth::hub {
namespace {

/// The Hub allows far less (a path is at most 1024 bytes); each level holds one descriptor.
constexpr std::size_t kDeepest = 128;

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

FolderEntry::Kind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return FolderEntry::Kind::file;
  if (S_ISDIR(mode)) return FolderEntry::Kind::folder;
  if (S_ISLNK(mode)) return FolderEntry::Kind::link;
  return FolderEntry::Kind::other;
}

FolderEntry::Kind kind_of(int folder, const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG:
      return FolderEntry::Kind::file;
    case DT_DIR:
      return FolderEntry::Kind::folder;
    case DT_LNK:
      return FolderEntry::Kind::link;
    case DT_UNKNOWN:
      break;
    default:
      return FolderEntry::Kind::other;
  }

  struct stat status {};

  if (::fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return FolderEntry::Kind::other;
  return kind_of_mode(status.st_mode);
}

void walk_below(int folder, std::string& path, std::size_t depth, const WalkVisitor& visitor) {
  const FolderListing listing = list_folder(folder);
  if (listing.error_number != 0) visitor.on_trouble(path, listing.error_number);
  const std::size_t length = path.size();
  for (const FolderEntry& entry : listing.entries) {
    path.append(length == 0 ? "" : "/").append(entry.name);
    if (entry.kind != FolderEntry::Kind::folder) {
      visitor.on_entry({.folder = folder, .path = path, .entry = &entry});
    } else if (depth == kDeepest) {
      visitor.on_trouble(path, ELOOP);
    } else if (const UniqueFd below = open_folder(folder, entry.name)) {
      walk_below(below.get(), path, depth + 1, visitor);
    } else {
      visitor.on_trouble(path, errno);
    }
    path.resize(length);
  }
}

}  // namespace

UniqueFd open_folder(int parent, const std::string& name, bool follow) {
  const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
  return UniqueFd(::openat(parent, name.c_str(), flags));
}

FolderListing list_folder(int folder) {
  FolderListing listing;
  UniqueFd own(::fcntl(folder, F_DUPFD_CLOEXEC, 0));
  std::unique_ptr<DIR, CloseFolder> stream(own ? ::fdopendir(own.get()) : nullptr);
  if (!stream) {
    listing.error_number = errno;
    return listing;
  }
  static_cast<void>(own.release());
  ::rewinddir(stream.get());
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe): own stream
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    listing.entries.push_back({kind_of(folder, *entry), std::string(name)});
  }
  listing.error_number = errno;
  std::sort(listing.entries.begin(), listing.entries.end(),
            [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return listing;
}

void walk(int folder, const WalkVisitor& visitor) {
  std::string path;
  walk_below(folder, path, 0, visitor);
}

std::string link_text(int folder, const std::string& name) {
  std::array<char, PATH_MAX> text{};
  const ssize_t size = ::readlinkat(folder, name.c_str(), text.data(), text.size());
  return size <= 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace hfauth::hub
