// SPDX-License-Identifier: Apache-2.0
#include "following_digest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hfauth::hub {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

}  // namespace

FollowingDigest::FollowingDigest(int fd, std::unique_ptr<Digest> digest)
    : fd_(fd), digest_(std::move(digest)), thread_([this] { follow(); }) {}

FollowingDigest::~FollowingDigest() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
    frontier_ = 0;  // what is not hashed yet is not wanted any more
  }
  changed_.notify_one();
  thread_.join();
}

void FollowingDigest::advance(std::uint64_t frontier) {
  {
    const std::lock_guard lock(mutex_);
    if (frontier <= frontier_) return;
    frontier_ = frontier;
  }
  changed_.notify_one();
}

Result<std::string> FollowingDigest::finish() {
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
  }
  changed_.notify_one();
  thread_.join();
  if (error_) return *error_;
  if (!digest_) return std::string();
  std::string text = digest_->finish();
  if (text.empty()) return Error{Errc::internal, "libcrypto failed to hash"};
  return text;
}

void FollowingDigest::follow() {
  while (true) {
    std::uint64_t frontier = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_ended_ || frontier_ > at_; });
      frontier = frontier_;
      if (frontier <= at_) return;
    }
    if (const Result<void> read = read_up_to(std::min(frontier, at_ + kPieceBytes)); !read) {
      error_ = read.error();
      return;
    }
  }
}

Result<void> FollowingDigest::read_up_to(std::uint64_t frontier) {
  const auto n_wanted = static_cast<std::size_t>(frontier - at_);
  if (digest_) {
    buffer_.resize(kPieceBytes);
    for (std::size_t n_read = 0; n_read < n_wanted;) {
      const ssize_t n_bytes = ::pread(fd_, buffer_.data() + n_read, n_wanted - n_read,
                                      static_cast<off_t>(at_ + n_read));
      if (n_bytes < 0 && errno == EINTR) continue;
      if (n_bytes <= 0) return error_from_errno(n_bytes < 0 ? errno : EIO, "reading a download");
      n_read += static_cast<std::size_t>(n_bytes);
    }
    if (!digest_->add({buffer_.data(), n_wanted}))
      return Error{Errc::internal, "libcrypto failed to hash"};
  }
  // A hint: where it is refused, the end waits longer.
  (void)::sync_file_range(fd_, static_cast<off_t>(at_), static_cast<off_t>(n_wanted),
                          SYNC_FILE_RANGE_WRITE);
  at_ = frontier;
  return {};
}

}  // namespace hfauth::hub
