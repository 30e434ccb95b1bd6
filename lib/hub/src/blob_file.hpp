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
#include <optional>
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

  /// Does not wait; nullopt if another process has it. Who holds one lock takes further ones by
  /// this way only, or two processes can wait for each other. Errors: permission, no_space, io.
  [[nodiscard]] static Result<std::optional<BlobLock>> try_acquire(
      const std::filesystem::path& path);

 private:
  explicit BlobLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

/// `blobs/<etag>.<8 hex>.incomplete`: gone when this object ends, unless it was finished.
class IncompleteBlob {
 public:
  /// Creates `<stem>.<8 hex>.incomplete`, the stem being `blob` if none is given, with the mode
  /// that the umask gives, and room for `size` bytes where the file system can promise it. Errors:
  /// permission, no_space, io, internal (the network module is missing).
  [[nodiscard]] static Result<IncompleteBlob> create(const std::filesystem::path& blob,
                                                     const std::string& etag, std::uint64_t size,
                                                     const std::filesystem::path& stem = {});
  IncompleteBlob(IncompleteBlob&& other) noexcept;
  IncompleteBlob& operator=(IncompleteBlob&&) = delete;
  IncompleteBlob(const IncompleteBlob&) = delete;
  IncompleteBlob& operator=(const IncompleteBlob&) = delete;
  ~IncompleteBlob();

  /// Appends, and hashes what it appends. Errors: no_space, io, internal.
  [[nodiscard]] Result<void> write(std::string_view piece);

  /// Writes anywhere and hashes nothing: for files whose parts come in any order (part_file.hpp).
  /// Errors: no_space, io.
  [[nodiscard]] Result<void> write_at(std::uint64_t offset, std::string_view piece);

  /// The three steps of finish(), for files that are finished many at a time. `verify` once;
  /// errors: corrupt. `sync` errors: no_space, io. `publish` renames; errors: permission, io.
  [[nodiscard]] Result<void> verify();
  [[nodiscard]] Result<void> sync() const;
  [[nodiscard]] Result<void> publish();

  /// As verify() with a digest that was made elsewhere.
  [[nodiscard]] Result<void> verify(const std::string& digest) const;

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

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

/// The digest that `etag` is the value of; null if the etag is of another kind (then nothing can be
/// checked). Errors: internal.
[[nodiscard]] Result<std::unique_ptr<Digest>> digest_for(const std::string& etag,
                                                         std::uint64_t size);

/// Eight random hexadecimal digits for a temporary name.
[[nodiscard]] std::string random_suffix();

}  // namespace hfauth::hub
