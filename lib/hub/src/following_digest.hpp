// SPDX-License-Identifier: Apache-2.0
//
// The digest of a file that is written in parts: a thread reads behind the writers, out of the page
// cache, so that the hash of two gigabytes is ready when the last byte is. It also has the kernel
// write back what it has read, so that making the file durable at the end has little left to wait
// for. Made, fed and ended by one thread; the digest belongs to the other meanwhile.
#pragma once

#include "hfauth/core/result.hpp"
#include "module_interface.hpp"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace hfauth::hub {

class FollowingDigest {
 public:
  /// `fd` is readable and outlives this object; `digest` may be null: then only the write-back is
  /// done.
  FollowingDigest(int fd, std::unique_ptr<Digest> digest);
  FollowingDigest(const FollowingDigest&) = delete;
  FollowingDigest& operator=(const FollowingDigest&) = delete;
  ~FollowingDigest();

  /// All bytes before `frontier` are written. Never goes back.
  void advance(std::uint64_t frontier);

  /// Blocks until everything before the frontier is hashed; then the digest in hexadecimal, "" if
  /// there is none. Once. Errors: io, internal.
  [[nodiscard]] Result<std::string> finish();

 private:
  void follow();
  [[nodiscard]] Result<void> read_up_to(std::uint64_t frontier);

  int fd_;
  std::unique_ptr<Digest> digest_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t frontier_ = 0;  // guarded by mutex_
  bool is_ended_ = false;       // guarded by mutex_
  std::optional<Error> error_;  // the thread's, until it is joined
  std::uint64_t at_ = 0;        // the thread's
  std::string buffer_;          // the thread's
  std::thread thread_;
};

}  // namespace hfauth::hub
