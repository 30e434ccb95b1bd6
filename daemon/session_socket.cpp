// SPDX-License-Identifier: Apache-2.0
//
// The loop's side costs an epoll_ctl(2) to begin with, one to end, and an ioctl(2).
#include "session_socket.hpp"

#include <sys/socket.h>

#include <boost/asio/error.hpp>

#include <cerrno>

namespace hfauth::daemon {
namespace {

/// A request and the end of the connection. A peer that sends more has to wait its turn.
constexpr int kMostReadNow = 2;

}  // namespace

int SessionSocket::native_handle() {
  return fresh_ ? fresh_.get() : descriptor_.native_handle();
}

std::optional<SessionSocket::Arrival> SessionSocket::read_now(std::span<char> room) {
  if (!fresh_ || n_read_now_ == kMostReadNow) return std::nullopt;
  ++n_read_now_;
  const ssize_t size = recv(fresh_.get(), room.data(), room.size(), MSG_DONTWAIT);
  if (size > 0) return Arrival{.failure = {}, .size = static_cast<std::size_t>(size)};
  if (size == 0) return Arrival{.failure = boost::asio::error::eof};
  return std::nullopt;  // a failure shows again on the loop's side
}

std::size_t SessionSocket::send_some(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const ssize_t sent =
      send(native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

boost::asio::posix::stream_descriptor& SessionSocket::loop_side() {
  if (fresh_) {
    descriptor_.assign(fresh_.get());
    fresh_.release();
  }
  return descriptor_;
}

void SessionSocket::cancel() {
  boost::system::error_code ignored;  // of a descriptor that is open
  if (descriptor_.is_open()) descriptor_.cancel(ignored);
}

void SessionSocket::close() {
  boost::system::error_code ignored;  // nothing can be done about a close that fails
  fresh_.reset();
  if (descriptor_.is_open()) descriptor_.close(ignored);
}

}  // namespace hfauth::daemon
