// SPDX-License-Identifier: Apache-2.0
//
// The two things that writers of the cache share with huggingface_hub's: the lock of a blob and the
// unfinished file. One thread each.
#pragma once

#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"
#include "module_interface.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hfauth::hub {

/// flock(2) on `.locks/<repo>/<etag>.lock`, mode 0664, as python-filelock 3 takes it; held until
/// destruction. Only writers lock.
class BlobLock {
 public:
  /// Blocks while another process fills the same blob; `note` is told so once.
  /// Errors: permission, no_space, io.
  [[nodiscard]] static Result<BlobLock> acquire(
      const std::filesystem::path& path, const std::function<void(const std::string&)>& note);

 private:
  explicit BlobLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

/// `blobs/<etag>.<8 hex>.incomplete`: gone when this object ends, unless it was finished.
class IncompleteBlob {
 public:
  /// Creates the file with the mode that the umask gives, and room for `size` bytes where the file
  /// system can promise it. Errors: permission, no_space, io, internal (the network module is
  /// missing).
  [[nodiscard]] static Result<IncompleteBlob> create(const std::filesystem::path& blob,
                                                     const std::string& etag, std::uint64_t size);
  IncompleteBlob(IncompleteBlob&& other) noexcept;
  IncompleteBlob& operator=(IncompleteBlob&&) = delete;
  IncompleteBlob(const IncompleteBlob&) = delete;
  IncompleteBlob& operator=(const IncompleteBlob&) = delete;
  ~IncompleteBlob();

  /// Errors: no_space, io, internal.
  [[nodiscard]] Result<void> write(std::string_view piece);

  /// Checks the content against the etag (SHA-256 of 64 digits, git's SHA-1 of a blob of 40;
  /// anything else says nothing), makes it durable and renames it to the blob. Errors: corrupt,
  /// no_space, io, permission.
  [[nodiscard]] Result<void> finish();

 private:
  IncompleteBlob(std::filesystem::path blob, std::filesystem::path path, UniqueFd fd,
                 std::string etag, std::unique_ptr<Digest> digest);

  std::filesystem::path blob_;
  std::filesystem::path path_;  ///< "" once there is nothing to remove
  UniqueFd fd_;
  std::string etag_;
  std::unique_ptr<Digest> digest_;
};

/// Eight random hexadecimal digits for a temporary name.
[[nodiscard]] std::string random_suffix();

}  // namespace hfauth::hub
