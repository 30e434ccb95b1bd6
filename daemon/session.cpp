// SPDX-License-Identifier: Apache-2.0
//
// Asio waits for readiness; reading and writing are plain non-blocking calls on guarded memory, so
// an idle connection holds no buffer of its own and no byte of a token passes through another one.
#include "session.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace hfauth::daemon {

namespace asio = boost::asio;
using boost::system::error_code;

Session::Session(asio::io_context& io, UniqueFd socket, Peer peer, Caller caller,
                 Dispatcher& dispatcher, const Clock& clock,
                 std::function<void(const std::shared_ptr<Session>&)> on_end)
    : socket_(io, socket.release()),
      timer_(io),
      machine_(clock.monotonic()),
      peer_(peer),
      caller_(caller),
      dispatcher_(dispatcher),
      clock_(clock),
      on_end_(std::move(on_end)) {}

void Session::shut_down() {
  machine_.on_shutdown();
  pump();
}

void Session::take_calls() {
  while (std::optional<agent::Call> call = machine_.next_call(clock_.monotonic())) {
    dispatcher_.handle(
        std::move(*call),
        [self = shared_from_this()](std::string_view message) {
          self->machine_.on_reply(message, self->clock_.monotonic());
          self->pump();
        },
        caller_);
  }
}

void Session::pump() {
  // An answer that comes at once is taken up by the loop below; one that comes later starts it
  // again.
  if (pumping_ || !socket_.is_open()) return;
  pumping_ = true;
  std::size_t left = 0;
  do {
    take_calls();
    left = machine_.output().size();
    flush();
  } while (socket_.is_open() && machine_.output().size() < left);
  pumping_ = false;
  if (socket_.is_open()) wait();
}

void Session::flush() {
  while (!machine_.output().empty()) {
    const std::string_view bytes = machine_.output();
    const ssize_t sent =
        send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      machine_.on_sent(static_cast<std::size_t>(sent), clock_.monotonic());
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      close();
      return;
    }
  }
}

void Session::receive() {
  const std::span<char> room = machine_.room();
  const ssize_t size = recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  if (size > 0) {
    machine_.on_bytes(static_cast<std::size_t>(size), clock_.monotonic());
  } else if (size == 0) {
    machine_.on_end();
  } else if (errno != EAGAIN && errno != EINTR) {
    close();
    return;
  }
  pump();
}

void Session::wait() {
  if (machine_.finished()) {
    close();
    return;
  }
  if (machine_.wants_input()) wait_for_input();
  if (!machine_.output().empty()) wait_for_output();
  wait_for_deadline();
}

void Session::wait_for_input() {
  if (waiting_for_input_) return;
  waiting_for_input_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [self = shared_from_this()](error_code failure) {
                       self->waiting_for_input_ = false;
                       if (!failure && self->socket_.is_open()) self->receive();
                     });
}

void Session::wait_for_output() {
  if (waiting_for_output_) return;
  waiting_for_output_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                     [self = shared_from_this()](error_code failure) {
                       self->waiting_for_output_ = false;
                       if (!failure) self->pump();
                     });
}

/// A timer that is set too early fires, looks and is set again: cheaper than moving it with every
/// request.
void Session::wait_for_deadline() {
  const std::optional<MonotonicTime> due = machine_.deadline();
  if (!due || (armed_for_ && *armed_for_ <= *due)) return;
  armed_for_ = due;
  timer_.expires_at(*due);
  timer_.async_wait([self = shared_from_this()](error_code failure) {
    if (failure || !self->socket_.is_open()) return;
    self->armed_for_.reset();
    self->machine_.on_time(self->clock_.monotonic());
    self->pump();
  });
}

void Session::close() {
  if (!socket_.is_open()) return;
  error_code ignored;  // nothing can be done about a close that fails
  socket_.close(ignored);
  timer_.cancel();
  dispatcher_.on_caller_gone(caller_);
  on_end_(shared_from_this());
}

}  // namespace hfauth::daemon
