// SPDX-License-Identifier: Apache-2.0
//
// Small files by POSIX calls. The temporary file of a write stands in the target's directory, so
// that the rename stays within one file system.
#include "hfauth/core/file.hpp"

#include "hfauth/core/crypto.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace hfauth {
namespace {

Error system_error(const std::filesystem::path& path) {
  return error_from_errno(errno, path.string());
}

/// O_NONBLOCK keeps a FIFO from blocking the open for ever.
UniqueFd open_to_read(const std::filesystem::path& path) {
  return UniqueFd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

/// Of a regular file. Errors: io.
Result<std::size_t> size_of(const UniqueFd& fd, const std::filesystem::path& path) {
  struct stat status {};

  if (fstat(fd.get(), &status) != 0) return system_error(path);
  if (S_ISDIR(status.st_mode)) return error_from_errno(EISDIR, path.string());
  if (!S_ISREG(status.st_mode)) return Error{Errc::io, path.string() + ": not a regular file"};
  return static_cast<std::size_t>(status.st_size);
}

/// Reads until the end or until `room` bytes are full; the number of bytes read.
Result<std::size_t> read_into(int fd, char* target, std::size_t room,
                              const std::filesystem::path& path) {
  std::size_t done = 0;
  while (done < room) {
    const ssize_t got = read(fd, target + done, room - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Error too_large(const std::filesystem::path& path, std::size_t limit) {
  return {Errc::too_large, fmt::format("{}: larger than {} bytes", path.string(), limit)};
}

Result<void> write_all(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t put = write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(path);
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

Result<void> fill(int fd, std::string_view content, mode_t mode, Durability durability,
                  const std::filesystem::path& path) {
  if (fchmod(fd, mode) != 0) return system_error(path);
  if (auto written = write_all(fd, content, path); !written) return written.error();
  if (durability == Durability::synced && fsync(fd) != 0) return system_error(path);
  return {};
}

/// Between two looks at a lock: at first as long as a write of a small file takes, later less
/// often.
constexpr std::chrono::milliseconds kFirstLook{1};
constexpr std::chrono::milliseconds kLastLook{16};

Result<UniqueFd> open_lock(const std::filesystem::path& path) {
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return system_error(path);
  return fd;
}

/// Does not wait. False: somebody else holds it. Errors: io.
Result<bool> lock(int fd, const std::filesystem::path& path) {
  while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) return system_error(path);
  }
  return true;
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void UniqueFd::reset() noexcept {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const UniqueFd fd = open_to_read(path);
  if (!fd) return system_error(path);
  if (const Result<std::size_t> size = size_of(fd, path); !size) return size.error();
  std::string content;
  constexpr std::size_t kPiece = 65536;
  while (true) {
    const std::size_t before = content.size();
    content.resize(before + kPiece);
    const Result<std::size_t> got = read_into(fd.get(), content.data() + before, kPiece, path);
    if (!got) return got.error();
    content.resize(before + *got);
    if (content.size() > limit) return too_large(path, limit);
    if (*got < kPiece) return content;
  }
}

Result<Secret> read_secret_file(const std::filesystem::path& path, std::size_t limit) {
  const UniqueFd fd = open_to_read(path);
  if (!fd) return system_error(path);
  return read_secret_file(fd, path, limit);
}

Result<Secret> read_secret_file(const UniqueFd& fd, const std::filesystem::path& path,
                                std::size_t limit) {
  const Result<std::size_t> size = size_of(fd, path);
  if (!size) return size.error();
  if (*size > limit) return too_large(path, limit);
  Secret content = Secret::allocate(*size + 1);  // one more, to notice a file that grew meanwhile
  const Result<std::size_t> got =
      read_into(fd.get(), content.writable().data(), content.size(), path);
  if (!got) return got.error();
  if (*got > *size)
    return Error{Errc::io, path.string() + ": changed while it was read; try again"};
  content.truncate(*got);
  return content;
}

Result<void> write_in_place(const std::filesystem::path& path, std::string_view content) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) return system_error(path);
  return write_all(fd.get(), content, path);
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const UniqueFd fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return system_error(directory);
  if (fsync(fd.get()) != 0 && errno != EINVAL) return system_error(directory);
  return {};
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   mode_t mode, Durability durability) {
  const std::filesystem::path directory = path.has_parent_path() ? path.parent_path() : ".";
  const std::filesystem::path temporary =
      directory /
      fmt::format(".{}.{}.tmp", path.filename().string(), crypto::hex(crypto::random_bytes(8)));
  UniqueFd fd(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return system_error(path);
  Result<void> done = fill(fd.get(), content, mode, durability, path);
  fd.reset();
  if (done && std::rename(temporary.c_str(), path.c_str()) != 0) done = system_error(path);
  if (!done) {
    unlink(temporary.c_str());
    return done.error();
  }
  return durability == Durability::synced ? sync_directory(directory) : Result<void>{};
}

Result<FileLock> FileLock::acquire(const std::filesystem::path& path,
                                   std::chrono::milliseconds wait) {
  Result<UniqueFd> fd = open_lock(path);
  if (!fd) return fd.error();
  const auto deadline = std::chrono::steady_clock::now() + wait;
  for (auto pause = kFirstLook;; pause = std::min(2 * pause, kLastLook)) {
    const Result<bool> locked = lock(fd->get(), path);
    if (!locked) return locked.error();
    if (*locked) return FileLock(std::move(*fd));
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{
          Errc::timeout,
          fmt::format("{}: another process holds it and does not let go within {} s", path.string(),
                      std::chrono::ceil<std::chrono::seconds>(wait).count())};
    }
    std::this_thread::sleep_for(pause);
  }
}

Result<FileLock> FileLock::try_acquire(const std::filesystem::path& path) {
  Result<UniqueFd> fd = open_lock(path);
  if (!fd) return fd.error();
  const Result<bool> locked = lock(fd->get(), path);
  if (!locked) return locked.error();
  if (!*locked) return Error{Errc::busy, path.string() + ": held by another process"};
  return FileLock(std::move(*fd));
}

}  // namespace hfauth
