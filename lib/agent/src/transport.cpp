// SPDX-License-Identifier: Apache-2.0
//
// SO_PEERCRED of a connected stream socket tells who called listen(2) (unix(7)): the agent, or the
// user's service manager for an activated socket; both have our uid.
#include "transport.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hfauth::agent {
namespace {

constexpr std::size_t kReadBytes = 4096;  ///< one page; a reply with a token has about 600 bytes

Result<void> wait_for(int socket, short events, Deadline deadline) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd entry{.fd = socket, .events = events, .revents = 0};
    // poll(2) counts in an int of milliseconds, which ends after 24 days.
    constexpr std::int64_t kLongest = 3'600'000;
    const std::int64_t wait = std::clamp<std::int64_t>(left.count(), 0, kLongest);
    const int ready = poll(&entry, 1, static_cast<int>(wait));
    if (ready > 0) return {};
    if (ready == 0 && left.count() <= kLongest)
      return Error{Errc::timeout, "the agent did not answer in time"};
    if (ready < 0 && errno != EINTR) return error_from_errno(errno, "poll on the agent's socket");
  }
}

Result<void> check_place(const std::filesystem::path& socket_path) {
  struct stat info {};

  const std::filesystem::path folder = socket_path.parent_path();
  if (stat(folder.c_str(), &info) != 0) return error_from_errno(errno, folder.native());
  if (info.st_uid != geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{Errc::denied,
                 folder.native() + " belongs to somebody else or is writable by others: not used"};
  }
  if (lstat(socket_path.c_str(), &info) != 0) return error_from_errno(errno, socket_path.native());
  if (!S_ISSOCK(info.st_mode) || info.st_uid != geteuid()) {
    return Error{Errc::denied, socket_path.native() + " is not a socket of this user: not used"};
  }
  return {};
}

Result<void> check_peer(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return error_from_errno(errno, "who is behind the agent's socket");
  }
  if (peer.uid != geteuid()) {
    return Error{Errc::denied,
                 "the program behind the agent's socket runs as user " + std::to_string(peer.uid)};
  }
  return {};
}

Error connect_error(int error_number, const std::filesystem::path& path) {
  if (error_number == ECONNREFUSED)
    return {Errc::not_found, path.native() + ": nobody listens (stale socket)"};
  if (error_number == EAGAIN)
    return {Errc::timeout, path.native() + ": the agent accepts no connection"};
  return error_from_errno(error_number, path.native());
}

}  // namespace

Result<UniqueFd> connect_to(const std::filesystem::path& socket_path,
                            std::chrono::milliseconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& path = socket_path.native();
  if (path.size() >= sizeof address.sun_path) {
    return Error{Errc::too_large,
                 path + ": longer than a socket's path may be (107 bytes); set HFAUTH_SOCK"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (Result<void> safe = check_place(socket_path); !safe) return safe.error();

  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return error_from_errno(errno, "socket");
  // A blocking connect(2) on AF_UNIX waits for room in the queue, and honours the send timeout.
  const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
  const timeval timeout{
      .tv_sec = seconds.count(),
      .tv_usec = std::chrono::duration_cast<std::chrono::microseconds>(patience - seconds).count()};
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  int failed = 0;
  do {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets API
    failed = connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  } while (failed != 0 && errno == EINTR);
  if (failed != 0) return connect_error(errno, socket_path);
  if (Result<void> ours = check_peer(socket.get()); !ours) return ours.error();
  return socket;
}

Result<void> send_all(int socket, std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (Result<void> ready = wait_for(socket, POLLOUT, deadline); !ready) return ready;
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return Error{Errc::agent_unreachable, "the agent closed the connection"};
    } else if (errno != EINTR) {
      return error_from_errno(errno, "sending to the agent");
    }
  }
  return {};
}

Result<std::optional<std::string_view>> receive_message(int socket, FrameReader& reader,
                                                        Deadline deadline) {
  while (true) {
    Result<std::optional<std::string_view>> message = reader.front();
    if (!message || *message) return message;
    const std::span<char> room = reader.prepare(kReadBytes);
    const ssize_t received = recv(socket, room.data(), room.size(), MSG_DONTWAIT);
    if (received > 0) {
      reader.commit(static_cast<std::size_t>(received));
    } else if (received < 0 && errno == ECONNRESET) {
      return std::optional<std::string_view>();
    } else if (received == 0) {
      return Error{Errc::agent_unreachable, "the agent closed the connection without an answer"};
    } else if (errno == EAGAIN) {
      if (Result<void> ready = wait_for(socket, POLLIN, deadline); !ready) return ready.error();
    } else if (errno != EINTR) {
      return error_from_errno(errno, "receiving from the agent");
    }
  }
}

}  // namespace hfauth::agent
