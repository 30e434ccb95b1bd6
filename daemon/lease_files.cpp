// SPDX-License-Identifier: Apache-2.0
//
// Every step is an *at() call on a folder that was opened with O_NOFOLLOW and checked by fstat, so
// no link that is put there between two steps leads elsewhere.
#include "lease_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

namespace hfauth::daemon {
namespace {

constexpr const char* kLeases = "lease";
constexpr const char* kDefault = "default";
constexpr const char* kToken = "token";
constexpr const char* kUnfinished = ".token.new";

Error folder_error(int error_number, const std::string& name) {
  if (error_number == ELOOP || error_number == ENOTDIR) {
    return {Errc::denied, name + " is a link or no folder: no token is written there"};
  }
  return error_from_errno(error_number, name);
}

/// Opens the folder `name` in `parent` (AT_FDCWD: a path); checks that it is ours and closed to
/// others.
Result<UniqueFd> open_folder(int parent, const std::string& name) {
  UniqueFd folder(openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return folder_error(errno, name);

  struct stat info {};

  if (fstat(folder.get(), &info) != 0) return error_from_errno(errno, name);
  if (info.st_uid != geteuid())
    return Error{Errc::denied, name + " belongs to somebody else: no token is written there"};
  if ((info.st_mode & 0777) != 0700 && fchmod(folder.get(), 0700) != 0)
    return error_from_errno(errno, name);
  return folder;
}

Result<UniqueFd> make_folder(int parent, const std::string& name) {
  if (mkdirat(parent, name.c_str(), 0700) != 0 && errno != EEXIST)
    return error_from_errno(errno, name);
  return open_folder(parent, name);
}

/// The folder of a slot; `make` or not_found.
Result<UniqueFd> slot_folder(const std::filesystem::path& runtime, const LeaseSlot& slot,
                             bool make) {
  const auto open = make ? make_folder : open_folder;
  Result<UniqueFd> root = open_folder(AT_FDCWD, runtime.native());
  if (!root || !slot) return root ? open(root->get(), kDefault) : std::move(root);
  Result<UniqueFd> leases = open(root->get(), kLeases);
  return leases ? open(leases->get(), slot->str()) : std::move(leases);
}

Result<void> write_token(int folder, std::string_view token) {
  unlinkat(folder, kUnfinished, 0);
  const UniqueFd file(
      openat(folder, kUnfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return error_from_errno(errno, "lease file");
  if (fchmod(file.get(), 0600) != 0) return error_from_errno(errno, "lease file");
  while (!token.empty()) {
    const ssize_t written = write(file.get(), token.data(), token.size());
    if (written < 0 && errno != EINTR) return error_from_errno(errno, "lease file");
    if (written > 0) token.remove_prefix(static_cast<std::size_t>(written));
  }
  if (renameat(folder, kUnfinished, folder, kToken) != 0)
    return error_from_errno(errno, "lease file");
  return {};
}

Result<void> unlink_at(int folder, const char* name) {
  if (unlinkat(folder, name, 0) != 0 && errno != ENOENT)
    return error_from_errno(errno, std::string("lease file ") + name);
  return {};
}

Result<void> remove_token(int folder) {
  const Result<void> unfinished = unlink_at(folder, kUnfinished);
  const Result<void> token = unlink_at(folder, kToken);
  return token ? unfinished : token;
}

/// The names in a folder, without "." and "..".
std::vector<std::string> names_in(int folder) {
  std::vector<std::string> names;
  UniqueFd again(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(fdopendir(again.get()), closedir);
  if (!listing) return names;
  again.release();
  while (const dirent* entry =
             readdir(listing.get())) {  // NOLINT(concurrency-mt-unsafe): a stream of its own
    const std::string name(entry->d_name);
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

}  // namespace

std::filesystem::path LeaseFiles::path_of(const LeaseSlot& slot) const {
  return (slot ? runtime_ / kLeases / slot->str() : runtime_ / kDefault) / kToken;
}

Result<void> LeaseFiles::put(const LeaseSlot& slot, std::string_view token) const {
  const Result<UniqueFd> folder = slot_folder(runtime_, slot, true);
  if (!folder) return folder.error();
  Result<void> written = write_token(folder->get(), token);
  if (!written) unlinkat(folder->get(), kUnfinished, 0);
  return written;
}

Result<void> LeaseFiles::remove(const LeaseSlot& slot) const {
  const Result<UniqueFd> folder = slot_folder(runtime_, slot, false);
  if (!folder) return folder.error().code == Errc::not_found ? Result<void>() : folder.error();
  if (Result<void> removed = remove_token(folder->get()); !removed) return removed;
  // Fails if a client put its own files there, which is fine.
  rmdir(path_of(slot).parent_path().c_str());
  return {};
}

Result<void> LeaseFiles::sweep() const {
  Result<void> first = remove(std::nullopt);
  const Result<UniqueFd> root = open_folder(AT_FDCWD, runtime_.native());
  const Result<UniqueFd> leases = root ? open_folder(root->get(), kLeases) : root.error();
  if (!leases) return leases.error().code == Errc::not_found ? first : leases.error();
  for (const std::string& name : names_in(leases->get())) {
    const Result<UniqueFd> folder = open_folder(leases->get(), name);
    const Result<void> removed =
        folder ? remove_token(folder->get()) : Result<void>(folder.error());
    if (removed) {
      unlinkat(leases->get(), name.c_str(), AT_REMOVEDIR);
    } else if (first) {
      first = removed;
    }
  }
  return first;
}

}  // namespace hfauth::daemon
