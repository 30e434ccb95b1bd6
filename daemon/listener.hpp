// SPDX-License-Identifier: Apache-2.0
//
// Accepts connections, and keeps the socket's file in its place: watched by inotify, made again
// when it is deleted. Part of the server; lives on the loop.
#pragma once

#include "hfauth/core/file.hpp"
#include "socket_file.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace hfauth::daemon {

class Listener {
 public:
  struct Events {
    std::function<void(UniqueFd socket)> on_connection;
    std::function<void()> on_replaced;  ///< another live program took the socket's place
  };

  Listener(boost::asio::io_context& io, std::filesystem::path path, Events events);

  /// Takes over sockets that systemd listens on. The file stays systemd's and is not removed at the
  /// end.
  void adopt(const std::vector<int>& sockets);

  /// Makes the socket. Errors: as listen_on().
  [[nodiscard]] Result<void> open();

  /// Stops accepting; removes the file if we made it and it is still ours.
  void close();

 private:
  struct Socket {
    boost::asio::posix::stream_descriptor descriptor;
    boost::asio::steady_timer pause;
    void end();
  };

  void add(int fd);
  void accept_on(const std::shared_ptr<Socket>& socket);
  static bool another_waits(Socket& socket);
  void accept_some(const std::shared_ptr<Socket>& socket);
  void watch();
  [[nodiscard]] Result<void> add_watch();
  void look_again_later();
  void on_change();
  void check_place();

  boost::asio::io_context& io_;
  std::filesystem::path path_;
  Events events_;
  std::vector<std::shared_ptr<Socket>> sockets_;
  boost::asio::posix::stream_descriptor inotify_;
  boost::asio::steady_timer retry_;
  std::optional<FileIdentity> identity_;
  bool made_here_ = false;
  bool polling_ = false;  ///< for want of inotify
  bool closed_ = false;
};

}  // namespace hfauth::daemon
