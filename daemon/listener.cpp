// SPDX-License-Identifier: Apache-2.0
//
// inotify(7) tells of the folder's changes at once; the identity of the file decides, so a missed
// or merged event does no harm. The watch is renewed with every change, because deleting the folder
// ends it.
#include "listener.hpp"

#include "log.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace hfauth::daemon {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using boost::system::error_code;

namespace {

/// Connections taken in one go, so that a storm of them does not starve those that are there.
constexpr int kAcceptBatch = 64;

/// After running out of file descriptors: some close meanwhile.
constexpr std::chrono::milliseconds kAcceptPause{100};

/// When the socket could not be made again (a full disk, a folder that is gone), or where no
/// inotify tells of its end.
constexpr std::chrono::milliseconds kRetry{500};

}  // namespace

Listener::Listener(asio::io_context& io, std::filesystem::path path, Events events)
    : io_(io), path_(std::move(path)), events_(std::move(events)), inotify_(io), retry_(io) {}

void Listener::Socket::end() {
  error_code ignored;  // nothing can be done about a close that fails
  descriptor.close(ignored);
  pause.cancel();
}

void Listener::add(int fd) {
  sockets_.push_back(
      std::make_shared<Socket>(Socket{stream_descriptor(io_, fd), asio::steady_timer(io_)}));
  accept_on(sockets_.back());
}

void Listener::adopt(const std::vector<int>& sockets) {
  for (const int fd : sockets)
    add(fd);
  identity_ = identity_of(path_);
  if (identity_) watch();
}

Result<void> Listener::open() {
  Result<UniqueFd> listener = listen_on(path_);
  if (!listener) return listener.error();
  // One that was deleted is nobody's any more; those that wait in its queue are lost with it.
  if (made_here_ && !sockets_.empty()) {
    sockets_.back()->end();
    sockets_.pop_back();
  }
  made_here_ = true;
  identity_ = identity_of(path_);
  add(listener->release());
  watch();
  return {};
}

void Listener::accept_on(const std::shared_ptr<Socket>& socket) {
  socket->descriptor.async_wait(stream_descriptor::wait_read, [this, socket](error_code failure) {
    if (!failure && !closed_) accept_some(socket);
  });
}

/// To accept in vain makes a socket and throws it away: several times what a look costs.
bool Listener::another_waits(Socket& socket) {
  pollfd entry{.fd = socket.descriptor.native_handle(), .events = POLLIN, .revents = 0};
  return poll(&entry, 1, 0) > 0;
}

void Listener::accept_some(const std::shared_ptr<Socket>& socket) {
  for (int i = 0; i < kAcceptBatch && !closed_ && (i == 0 || another_waits(*socket)); ++i) {
    UniqueFd connection(accept4(socket->descriptor.native_handle(), nullptr, nullptr,
                                SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (connection) {
      events_.on_connection(std::move(connection));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      socket->pause.expires_after(kAcceptPause);
      socket->pause.async_wait([this, socket](error_code failure) {
        if (!failure && !closed_) accept_on(socket);
      });
      return;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      break;
    }
  }
  if (!closed_) accept_on(socket);
}

/// Errors: io and others, where the user has no inotify instance or watch left (editors take many).
Result<void> Listener::add_watch() {
  const std::filesystem::path folder = path_.parent_path();
  if (!inotify_.is_open()) {
    const int made = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (made < 0) return error_from_errno(errno, "inotify");
    inotify_.assign(made);
  }
  constexpr std::uint32_t kChanges = IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE |
                                     IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
  // Adding the same folder again changes nothing.
  if (inotify_add_watch(inotify_.native_handle(), folder.c_str(), kChanges) < 0)
    return error_from_errno(errno, "watching " + folder.native());
  return {};
}

void Listener::watch() {
  if (const Result<void> added = add_watch(); !added) {
    if (!polling_) log_line(LogLevel::warning, added.error().detail + "; looking now and then");
    polling_ = true;
    look_again_later();
    return;
  }
  polling_ = false;
  inotify_.async_wait(stream_descriptor::wait_read, [this](error_code failure) {
    if (!failure && !closed_) on_change();
  });
}

void Listener::look_again_later() {
  retry_.expires_after(kRetry);
  retry_.async_wait([this](error_code failure) {
    if (!failure) check_place();
  });
}

void Listener::on_change() {
  alignas(inotify_event) std::array<char, 4096> events{};
  while (read(inotify_.native_handle(), events.data(), events.size()) > 0) {
  }
  check_place();
}

void Listener::check_place() {
  if (closed_) return;
  if (identity_of(path_) == identity_) {
    watch();
    return;
  }
  const Result<void> made = open();
  if (made) {
    log_line(LogLevel::notice, "the socket was gone; made again: " + path_.native());
    return;
  }
  if (made.error().code == Errc::conflict) {
    events_.on_replaced();
    return;
  }
  log_line(LogLevel::warning, "the socket cannot be made again: " + made.error().detail);
  look_again_later();
}

void Listener::close() {
  if (closed_) return;
  closed_ = true;
  for (const std::shared_ptr<Socket>& socket : sockets_)
    socket->end();
  sockets_.clear();
  error_code ignored;
  inotify_.close(ignored);
  retry_.cancel();
  if (made_here_ && identity_of(path_) == identity_) unlink(path_.c_str());
}

}  // namespace hfauth::daemon
