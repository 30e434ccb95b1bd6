// SPDX-License-Identifier: Apache-2.0
//
// Replies that are made in one turn of the loop go out together at its end. Whoever gets an answer
// is woken by it, and on a busy core runs at once: with 64 clients on one core, an answer after
// each request was a change of programs for every second one; all answers behind all requests are
// one for every fourth. Lives on the loop.
#pragma once

#include "hfauth/agent/guarded_buffer.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace hfauth::daemon {

/// Who gets a reply that was kept.
class Addressee {
 public:
  Addressee() = default;
  Addressee(const Addressee&) = delete;
  Addressee& operator=(const Addressee&) = delete;
  virtual ~Addressee() = default;

  /// Sends the message that add() kept; the view ends with the call.
  virtual void send(std::string_view message) = 0;

  /// Does what comes behind it, when those of all others are sent: between two replies there is no
  /// work then for which the first client would be kept waiting, or would wait for the core.
  virtual void go_on() = 0;
};

class ReplyBatch {
 public:
  explicit ReplyBatch(boost::asio::io_context& io) : io_(io) {}

  /// Keeps a copy for deliver(). False: it is for the caller to send now, because it is long, or
  /// because no other reply can be expected in this turn.
  [[nodiscard]] bool add(const std::shared_ptr<Addressee>& addressee, std::string_view message);

 private:
  struct Kept {
    std::shared_ptr<Addressee> addressee;
    std::size_t end;  ///< of its message in the bytes
  };

  struct Turn {
    std::vector<Kept> kept;
    agent::GuardedBuffer bytes;
  };

  void end_turn();

  boost::asio::io_context& io_;
  Turn turn_;
  Turn ending_;  ///< kept for its memory
  unsigned lonely_ = 0;
};

}  // namespace hfauth::daemon
