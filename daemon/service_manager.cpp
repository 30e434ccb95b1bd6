// SPDX-License-Identifier: Apache-2.0
//
// A message that systemd does not take has no consequence that we could act on: results are not
// looked at.
#include "service_manager.hpp"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <string>

namespace hfauth::daemon::service_manager {

Result<std::vector<int>> activation_sockets() {
  const int count = sd_listen_fds(1);
  if (count < 0) return Error{Errc::usage, "socket activation: LISTEN_FDS makes no sense"};
  std::vector<int> sockets;
  for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; ++fd) {
    if (sd_is_socket_unix(fd, SOCK_STREAM, 1, nullptr, 0) <= 0) {
      return Error{Errc::usage, "socket activation: file descriptor " + std::to_string(fd) +
                                    " is not a listening Unix stream socket"};
    }
    sockets.push_back(fd);
  }
  return sockets;
}

std::optional<std::chrono::microseconds> watchdog_period() {
  std::uint64_t period = 0;
  if (sd_watchdog_enabled(0, &period) <= 0) return std::nullopt;
  return std::chrono::microseconds(period);
}

void tell_ready(std::string_view status) {
  sd_notifyf(0, "READY=1\nSTATUS=%.*s", static_cast<int>(status.size()), status.data());
}

void tell_stopping() {
  sd_notify(0, "STOPPING=1");
}

void tell_alive() {
  sd_notify(0, "WATCHDOG=1");
}

}  // namespace hfauth::daemon::service_manager
