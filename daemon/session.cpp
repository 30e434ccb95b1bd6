// SPDX-License-Identifier: Apache-2.0
//
// Asio reads into the session's own guarded page: of all the ways to wait it is the one that costs
// no system call but the read itself (waiting for readiness alone costs an epoll_ctl a request).
// While such a read is pending the page must not change, so what changes it from outside (a
// deadline, the end) cancels the read first. A reply goes out of the page in which it was made;
// only what the socket does not take is kept.
#include "session.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>

#include <cerrno>
#include <utility>

namespace hfauth::daemon {

namespace asio = boost::asio;
using boost::system::error_code;

Session::Session(asio::io_context& io, const Surroundings& around, UniqueFd socket, Peer peer,
                 Caller caller, std::function<void(const std::shared_ptr<Session>&)> on_end)
    : socket_(io, std::move(socket)),
      timer_(io),
      machine_(around.clock.monotonic()),
      peer_(peer),
      program_(socket_.native_handle(), peer.pid, around.programs),
      caller_(caller),
      batch_(around.batch),
      dispatcher_(around.dispatcher),
      clock_(around.clock),
      on_end_(std::move(on_end)) {}

void Session::shut_down() {
  stop_reading();
  machine_.on_shutdown();
  pump();
}

/// Ends what waits on the socket; the handlers find it out later and begin again if need be.
void Session::stop_reading() {
  if (reading_) socket_.cancel();
}

void Session::reply(std::string_view message) {
  // While a call is answered in pieces the page is being read into; what comes behind is taken now.
  if (machine_.is_streaming()) stop_reading();
  // Replies to pipelined requests are gathered, so that they go out together.
  const bool is_alone = machine_.output().empty() && !machine_.has_input();
  const bool waits = is_alone && !machine_.is_streaming() && !message.empty() &&
                     batch_.add(shared_from_this(), message);
  if (waits) return;
  send(message);
  go_on();
}

void Session::send(std::string_view message) {
  if (machine_.output().empty() && !machine_.has_input() && socket_.is_open())
    message.remove_prefix(socket_.send_some(message));
  machine_.on_reply(message, clock_.monotonic());
}

bool Session::interim(std::string_view message) {
  const bool taken = machine_.on_interim(message, clock_.monotonic());
  pump();
  return taken && socket_.is_open();
}

void Session::when_taken(std::function<void()> then) {
  when_taken_ = std::move(then);
  pump();
}

void Session::take_calls(MonotonicTime now) {
  while (std::optional<agent::Call> call = machine_.next_call(now))
    dispatcher_.handle(std::move(*call), shared_from_this());
}

void Session::pump() {
  pump(clock_.monotonic());
}

void Session::pump(MonotonicTime now) {
  // An answer that comes at once is taken up by the loop below; one that comes later starts it
  // again.
  if (pumping_ || !socket_.is_open()) return;
  pumping_ = true;
  std::size_t left = 0;
  do {
    take_calls(now);
    if (when_taken_ && machine_.output().empty()) std::exchange(when_taken_, {})();
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
        ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
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

void Session::on_read(error_code failure, std::size_t size) {
  reading_ = false;
  if (!socket_.is_open()) return;
  if (failure == asio::error::operation_aborted) {
    wait();
    return;
  }
  const MonotonicTime now = clock_.monotonic();
  if (failure == asio::error::eof && machine_.is_streaming() && is_hung_up()) {
    close();
    return;
  }
  if (failure == asio::error::eof) {
    machine_.on_end();
  } else if (failure) {
    close();
    return;
  } else {
    machine_.on_bytes(size, now);
  }
  pump(now);
}

/// Closed, and not only for sending: then a watcher is gone.
bool Session::is_hung_up() {
  pollfd entry{.fd = socket_.native_handle(), .events = 0, .revents = 0};
  return poll(&entry, 1, 0) > 0 && (entry.revents & POLLHUP) != 0;
}

void Session::wait() {
  if (machine_.finished()) {
    close();
    return;
  }
  if (machine_.wants_input() && !reading_) {
    const std::span<char> room = machine_.room();
    if (const std::optional<SessionSocket::Arrival> here = socket_.read_now(room)) {
      on_read(here->failure, here->size);
      return;
    }
    read(room);
  }
  if (!machine_.output().empty()) wait_for_output();
  wait_for_deadline();
}

void Session::read(std::span<char> room) {
  reading_ = true;
  socket_.async_read(room, [self = shared_from_this()](error_code failure, std::size_t size) {
    self->on_read(failure, size);
  });
}

void Session::wait_for_output() {
  if (waiting_for_output_) return;
  waiting_for_output_ = true;
  socket_.async_wait_for_room([self = shared_from_this()](error_code failure) {
    self->waiting_for_output_ = false;
    if (!self->socket_.is_open()) return;
    if (failure) {
      self->wait();
    } else {
      self->pump();
    }
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
    self->stop_reading();
    self->machine_.on_time(self->clock_.monotonic());
    self->pump();
  });
}

void Session::close() {
  if (!socket_.is_open()) return;
  program_.end();
  when_taken_ = {};
  socket_.close();
  timer_.cancel();
  dispatcher_.on_caller_gone(caller_);
  on_end_(shared_from_this());
}

}  // namespace hfauth::daemon
