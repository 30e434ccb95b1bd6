// SPDX-License-Identifier: Apache-2.0
//
// Runs hfauth-net as a child of the agent, one at a time. Used where no service manager does it:
// systemd's unit of the agent has no network, and its timer starts the program. Lives on the loop.
#pragma once

#include "hfauth/core/result.hpp"

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>

namespace hfauth::daemon {

class RefreshChild {
 public:
  /// `on_end` is called whenever a run is over, or could not be begun.
  RefreshChild(boost::asio::io_context& io, std::function<void()> on_end);

  /// Begins a run; while one is under way, another follows it.
  void start();

 private:
  void run();
  void wait_for_end();

  boost::asio::io_context& io_;
  boost::asio::signal_set child_ended_;
  std::function<void()> on_end_;
  pid_t child_ = -1;
  bool again_ = false;
};

}  // namespace hfauth::daemon
