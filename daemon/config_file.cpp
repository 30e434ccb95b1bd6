// SPDX-License-Identifier: Apache-2.0
//
// Who can write the rules decides who gets tokens: so the file and the folder that names it have to
// be this user's or root's, and writable by nobody else. Links are followed, because people keep
// their files in repositories; then both folders are looked at.
#include "config.hpp"
#include "hfauth/core/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hfauth::daemon {
namespace {

/// Errors: denied.
Result<void> check(const struct stat& info, const std::filesystem::path& path) {
  if (info.st_uid != geteuid() && info.st_uid != 0) {
    return Error{Errc::denied,
                 path.native() + " belongs to user " + std::to_string(info.st_uid) + ": not used"};
  }
  // Others may write into /tmp, but only to names of their own.
  const bool sticky_folder = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX) != 0;
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky_folder) {
    return Error{
        Errc::denied,
        path.native() + " can be changed by others: not used; cure: chmod go-w " + path.native()};
  }
  return {};
}

Result<void> check_folder(const std::filesystem::path& folder) {
  struct stat info {};

  if (stat(folder.c_str(), &info) != 0) return error_from_errno(errno, folder.native());
  return check(info, folder);
}

Result<std::string> read_all(int fd, const std::filesystem::path& file) {
  std::string text;
  std::array<char, 16384> part{};
  while (text.size() <= kMaxConfigBytes) {
    const ssize_t n_bytes = read(fd, part.data(), part.size());
    if (n_bytes == 0) return text;
    if (n_bytes > 0) {
      text.append(part.data(), static_cast<std::size_t>(n_bytes));
    } else if (errno != EINTR) {
      return error_from_errno(errno, file.native());
    }
  }
  return Error{Errc::too_large,
               file.native() + " has more than " + std::to_string(kMaxConfigBytes >> 10) + " KiB"};
}

}  // namespace

Result<std::string> read_config(const std::filesystem::path& file) {
  // Not to wait for a writer if it is a FIFO.
  const UniqueFd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return error_from_errno(errno, file.native());

  struct stat info {};

  if (fstat(fd.get(), &info) != 0) return error_from_errno(errno, file.native());
  if (!S_ISREG(info.st_mode)) return Error{Errc::denied, file.native() + " is no file: not used"};
  if (Result<void> safe = check(info, file); !safe) return safe.error();
  if (Result<void> safe = check_folder(file.parent_path()); !safe) return safe.error();
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::canonical(file, failed);
  if (failed) return error_from_errno(failed.value(), file.native());
  if (Result<void> safe = check_folder(real.parent_path()); !safe) return safe.error();
  return read_all(fd.get(), file);
}

}  // namespace hfauth::daemon
