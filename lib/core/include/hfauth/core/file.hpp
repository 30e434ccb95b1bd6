// SPDX-License-Identifier: Apache-2.0
//
// Whole small files: read with a limit, written so that a reader sees the old or the new content
// and nothing between.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace hfauth {

/// Owns a file descriptor.
class UniqueFd {
 public:
  UniqueFd() noexcept = default;

  explicit UniqueFd(int fd) noexcept : fd_(fd) {}

  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;

  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }

  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

  int release() noexcept { return std::exchange(fd_, -1); }

  void reset() noexcept;

 private:
  int fd_ = -1;
};

inline constexpr std::size_t kSmallFileLimit = std::size_t{1}
                                               << 20;  ///< no configuration or token file is larger

/// The whole file. Errors: not_found, permission, too_large (more than `limit` bytes), io (also: is
/// a directory).
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t limit = kSmallFileLimit);

/// As read_file, into guarded memory.
[[nodiscard]] Result<Secret> read_secret_file(const std::filesystem::path& path,
                                              std::size_t limit = kSmallFileLimit);

/// The same of a file that was opened already and not read from; `path` is its name in errors.
[[nodiscard]] Result<Secret> read_secret_file(const UniqueFd& fd, const std::filesystem::path& path,
                                              std::size_t limit = kSmallFileLimit);

/// What a write does beyond the rename.
enum class Durability {
  renamed,  ///< atomic for readers; may be lost by a power cut. For caches and files in RAM.
  synced,   ///< also fsync of file and directory before it returns. For what was acknowledged.
};

/// Writes `content` to a temporary file beside `path` with exactly `mode` and renames it over
/// `path`. On an error the temporary file is gone and the old one untouched, but for one case:
/// where only the directory's fsync fails (synced), the new file is in its place already, and may
/// be undone by a power cut. Errors: permission, no_space, not_found (directory), io.
[[nodiscard]] Result<void> write_file_atomically(const std::filesystem::path& path,
                                                 std::string_view content, mode_t mode,
                                                 Durability durability);

/// Writes to what stands at `path` already, without replacing it: a device, a FIFO. Blocks as they
/// do. Errors: permission, not_found, no_space, io.
[[nodiscard]] Result<void> write_in_place(const std::filesystem::path& path,
                                          std::string_view content);

/// fsync of a directory, so that names made in it outlive a power cut. Where the file system knows
/// no such thing (EINVAL, as on some network file systems) it is done. Errors: permission, io.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

/// An exclusive flock(2) on `path` (made with mode 0600 if missing), held until destruction.
class FileLock {
 public:
  /// Waits up to `wait`: a holder that was stopped must not stop everybody else for ever. Blocks;
  /// looks every few milliseconds, because flock(2) knows no deadline, so waiters are not served in
  /// order. Errors: timeout (still held), permission, io.
  [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path& path,
                                                std::chrono::milliseconds wait);
  /// Does not wait. Errors: busy (somebody holds it), permission, io.
  [[nodiscard]] static Result<FileLock> try_acquire(const std::filesystem::path& path);

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace hfauth
