// SPDX-License-Identifier: Apache-2.0
//
// Tells that the configuration file may have changed: written, replaced by rename (as editors do),
// made, removed, or, where it is a link, the same at its target. Part of the server; lives on the
// loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <functional>

namespace hfauth::daemon {

class ConfigWatch {
 public:
  ConfigWatch(boost::asio::io_context& io, std::filesystem::path file,
              std::function<void()> on_change);

  /// Makes the file's folder if it is missing. Where it cannot be watched, the log says so once,
  /// and changes are seen at the next start.
  void start();

  void close();

 private:
  void add_watches();
  void wait();
  void on_event();

  std::filesystem::path file_;
  std::function<void()> on_change_;
  boost::asio::posix::stream_descriptor inotify_;
  boost::asio::steady_timer calm_;
  bool waiting_for_calm_ = false;
};

}  // namespace hfauth::daemon
