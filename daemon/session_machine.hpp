// SPDX-License-Identifier: Apache-2.0
//
// One connection without its socket: bytes, replies and the passing of time go in; calls, bytes to
// send and the moment to close come out. Requests are answered one after the other in the order in
// which they came. All deadlines of a connection are kept here. Pure; lives on the loop.
#pragma once

#include "hfauth/agent/frame.hpp"
#include "hfauth/agent/protocol.hpp"
#include "hfauth/core/clock.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace hfauth::daemon {

class SessionMachine {
 public:
  explicit SessionMachine(MonotonicTime now)
      : last_activity_(now), first_byte_(now), last_progress_(now) {}

  // What happens.

  /// Room to read into; what was read is told by on_bytes(). Only while wants_input(). Until then
  /// it stays where it is, but for on_time() and on_shutdown().
  [[nodiscard]] std::span<char> room();
  void on_bytes(std::size_t size, MonotonicTime now);
  /// The peer will send no more. What it asked before is still answered.
  void on_end();
  /// The reply to the call that next_call() gave: one whole message or the end of it, if its
  /// beginning was sent already (only while output() is empty); nothing for a call without reply.
  void on_reply(std::string_view message, MonotonicTime now);
  /// A reply before the last one. False: the peer has not taken those before, and gets no more;
  /// then on_reply() ends the call. From the first one on the peer's end is looked for.
  [[nodiscard]] bool on_interim(std::string_view message, MonotonicTime now);
  /// `size` bytes of output() were sent.
  void on_sent(std::size_t size, MonotonicTime now);
  /// Some time passed; deadlines that are over take effect.
  void on_time(MonotonicTime now);
  /// The agent ends: no new calls; what is under way is answered.
  void on_shutdown();

  // What to do.

  /// The next call to be answered by on_reply(); nullopt while one is under way or nothing whole is
  /// here. Input that is no call is answered here.
  [[nodiscard]] std::optional<agent::Call> next_call(MonotonicTime now);

  [[nodiscard]] std::string_view output() const noexcept { return output_.view(); }

  /// Whether part of a request, or more, is here that next_call() did not give yet.
  [[nodiscard]] bool has_input() const noexcept { return !input_.empty(); }

  [[nodiscard]] bool wants_input() const noexcept;

  /// A call is under way that was answered in part and has no end of its own.
  [[nodiscard]] bool is_streaming() const noexcept { return streaming_; }

  /// Close the socket now.
  [[nodiscard]] bool finished() const noexcept;
  /// When on_time() has something to do; nullopt while the agent itself is at work.
  [[nodiscard]] std::optional<MonotonicTime> deadline() const;

 private:
  void refuse(const agent::Fault& fault);

  agent::FrameReader input_{agent::kMaxRequestBytes};
  agent::GuardedBuffer output_;
  MonotonicTime last_activity_;
  MonotonicTime first_byte_;     ///< of the request that is only partly here
  MonotonicTime last_progress_;  ///< of sending
  bool calling_ = false;         ///< a call is under way
  bool streaming_ = false;       ///< that call is answered more than once
  bool closing_ = false;         ///< nothing more is read; closed once the output is sent
  bool ended_ = false;           ///< the peer sends no more
  bool broken_ = false;          ///< closed now, output or not
};

}  // namespace hfauth::daemon
