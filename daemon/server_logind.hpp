// SPDX-License-Identifier: Apache-2.0
//
// Hears from systemd-logind that the machine goes to sleep or that the session is locked. Where
// there is no system bus or no logind, nothing is heard and nothing is said. Part of the server;
// lives on the loop.
#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace hfauth::daemon {

class Logind {
 public:
  struct Events {
    std::function<void()> on_sleep;  ///< the machine sleeps when this has returned
    /// A session was locked; logind tells everybody, so it may be another user's.
    std::function<void()> on_screen_lock;
  };

  Logind(boost::asio::io_context& io, Events events);
  Logind(const Logind&) = delete;
  Logind& operator=(const Logind&) = delete;
  ~Logind();

  /// Begins to listen; again after it was there already does nothing. Does not block.
  void start();

  void close();

 private:
  class Bus;
  boost::asio::io_context& io_;
  Events events_;
  std::unique_ptr<Bus> bus_;
};

}  // namespace hfauth::daemon
