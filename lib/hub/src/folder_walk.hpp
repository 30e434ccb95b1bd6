// SPDX-License-Identifier: Apache-2.0
//
// Reading folders of a cache that others write and may have written with ill intent: by descriptors
// (openat, fstatat), never through a symbolic link, to a bounded depth. Blocks on the file system.
#pragma once

#include "hfauth/core/file.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

/// One name in a folder. `link` is not followed; `other` is a pipe, a socket, a device.
struct FolderEntry {
  enum class Kind { file, folder, link, other } kind = Kind::other;
  std::string name;
};

/// The names in a folder, sorted by bytes, "." and ".." left out; `error_number` is 0, or why the
/// rest could not be read.
struct FolderListing {
  std::vector<FolderEntry> entries;
  int error_number = 0;
};

/// The folder `name` in `parent` (AT_FDCWD for a path); no descriptor, and errno, if it cannot be
/// opened. A symbolic link at its end is followed only if `follow` says so.
[[nodiscard]] UniqueFd open_folder(int parent, const std::string& name, bool follow = false);

/// Leaves the descriptor open; its position is used.
[[nodiscard]] FolderListing list_folder(int folder);

/// What walk() found: the folder that holds it, its path below the start ("sub/notes.txt").
struct WalkedEntry {
  int folder = -1;
  std::string_view path;
  const FolderEntry* entry = nullptr;
};

struct WalkVisitor {
  /// Everything that is no folder.
  std::function<void(const WalkedEntry& found)> on_entry;
  /// A folder that cannot be read; ELOOP where it is nested deeper than any repository.
  std::function<void(std::string_view path, int error_number)> on_trouble;
};

/// Visits everything below `folder` in the order of the names.
void walk(int folder, const WalkVisitor& visitor);

/// The text of a symbolic link; "" and errno if it cannot be read.
[[nodiscard]] std::string link_text(int folder, const std::string& name);

}  // namespace hfauth::hub
