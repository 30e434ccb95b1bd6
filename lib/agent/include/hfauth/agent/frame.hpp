// SPDX-License-Identifier: Apache-2.0
//
// Varlink's framing: a message is a JSON object followed by one NUL byte. Bytes go in as they
// arrive, messages come out whole; everything is held in guarded memory and wiped when it is taken.
// Not thread-safe.
#pragma once

#include "hfauth/agent/guarded_buffer.hpp"
#include "hfauth/core/result.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace hfauth::agent {

/// A token has 8 KiB at most and a record some hundred bytes; 64 KiB leaves room for scopes and
/// bounds what a silent client can make the agent hold. Without the NUL.
inline constexpr std::size_t kMaxRequestBytes = std::size_t{64} << 10;

/// List of the greatest number of profiles with the greatest records (daemon/limits.hpp) stays
/// below.
inline constexpr std::size_t kMaxReplyBytes = std::size_t{4} << 20;

/// The deepest message of the interface has 4 levels (reply, parameters, records, a record's
/// scopes: 5).
inline constexpr std::size_t kMaxNesting = 8;

class FrameReader {
 public:
  explicit FrameReader(std::size_t max_frame_bytes) : max_frame_bytes_(max_frame_bytes) {}

  /// Room for a read(2) of at least `size` bytes; what was read is taken over by commit().
  [[nodiscard]] std::span<char> prepare(std::size_t size) { return buffer_.prepare(size); }

  void commit(std::size_t size) noexcept { buffer_.commit(size); }

  void append(std::string_view bytes) { buffer_.append(bytes); }

  /// The first whole message without its NUL, nullopt if there is none yet. The view ends with the
  /// next call of another function. Errors: too_large.
  [[nodiscard]] Result<std::optional<std::string_view>> front();

  /// Wipes the message that front() gave.
  void pop() noexcept;

  /// Whether bytes of a message are here, whole or in part.
  [[nodiscard]] bool empty() const noexcept { return buffer_.empty(); }

  [[nodiscard]] std::size_t size() const noexcept { return buffer_.size(); }

  void clear() noexcept;

 private:
  GuardedBuffer buffer_;
  std::size_t max_frame_bytes_;
  std::size_t searched_ = 0;  ///< bytes known to hold no NUL, so that slow senders cost O(n)
};

}  // namespace hfauth::agent
