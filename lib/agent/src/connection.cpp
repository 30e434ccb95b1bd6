// SPDX-License-Identifier: Apache-2.0
//
// Whether the agent got a call is told by the kernel: if one end of a Unix stream socket is closed
// while there is something in its queue that was not read, or before it was accepted, the other
// end gets ECONNRESET; if everything had been read, it gets the end of the stream
// (unix_release_sock() in net/unix/af_unix.c). A call ends with its NUL byte, so one that was not
// read to its end was not begun.
#include "connection.hpp"

#include "hfauth/agent/protocol.hpp"
#include "spawn.hpp"
#include "transport.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

namespace hfauth::agent {
namespace {

/// An agent that is being killed may close its connections before its listener, and may be made to
/// wait between the two on a busy machine: who asks again finds the same one dying. Long enough
/// for that, and short enough for something else that never reads what it is sent.
constexpr std::chrono::milliseconds kDyingWait{1000};

/// Pauses between the tries: from the first of these to the second, doubling.
constexpr std::chrono::milliseconds kFirstPause{1};
constexpr std::chrono::milliseconds kLongestPause{64};

/// Paces the tries that follow a failed one.
class Tries {
 public:
  /// Waits for the time of the next try; false if there is none. The first comes at once: most
  /// often the dying agent is gone.
  bool another() {
    const Deadline now = std::chrono::steady_clock::now();
    if (!end_) end_ = now + kDyingWait;
    if (now >= *end_) return false;
    if (pause_) std::this_thread::sleep_for(*pause_);
    pause_ = pause_ ? std::min(2 * *pause_, kLongestPause) : kFirstPause;
    return true;
  }

 private:
  std::optional<Deadline> end_;  ///< set by the first failure
  std::optional<std::chrono::milliseconds> pause_;
};

Result<UniqueFd> find_or_start(const Environment& environment, const UserPaths& paths, Spawn spawn,
                               std::chrono::milliseconds lock_wait) {
  const std::filesystem::path socket_path = paths.agent_socket(environment);
  Result<UniqueFd> socket = connect_to(socket_path);
  if (socket || socket.error().code != Errc::not_found) return socket;
  if (spawn == Spawn::never) return nobody_listens(socket_path, paths);

  if (Result<void> made = make_private_directory(paths.runtime); !made) return made.error();
  const Result<FileLock> lock = FileLock::acquire(paths.runtime / "agent.lock", lock_wait);
  if (!lock && lock.error().code == Errc::timeout) {
    return Error{Errc::timeout, "another program is starting the agent and does not go on; " +
                                    lock.error().detail + "; let it go on, or end it"};
  }
  if (!lock) return lock.error();
  socket = connect_to(socket_path);  // whoever had the lock before may have started it
  if (socket || socket.error().code != Errc::not_found) return socket;
  for (Tries tries;;) {
    if (Result<void> started = spawn_agent(environment, paths); !started) return started.error();
    socket = connect_to(socket_path);
    if (socket || socket.error().code != Errc::not_found) return socket;
    // The new one left it to one that is dying: its lock goes after its socket.
    if (!tries.another()) return nobody_listens(socket_path, paths);
  }
}

}  // namespace

Error nobody_listens(const std::filesystem::path& socket_path, const UserPaths& paths) {
  return {Errc::agent_unreachable, "no agent listens on " + show_path(socket_path, paths.home) +
                                       "; any command that stores a token starts one"};
}

Connection::Connection(UniqueFd socket, const Environment& environment, UserPaths paths,
                       Spawn spawn, std::chrono::milliseconds lock_wait)
    : socket_(std::move(socket)),
      environment_(environment_for_agent(environment)),
      paths_(std::move(paths)),
      spawn_(spawn),
      lock_wait_(lock_wait) {}

Result<Connection> Connection::open(const Environment& environment, const UserPaths& paths,
                                    Spawn spawn, std::chrono::milliseconds lock_wait) {
  Result<UniqueFd> socket = find_or_start(environment, paths, spawn, lock_wait);
  if (!socket) return socket.error();
  return Connection(std::move(*socket), environment, paths, spawn, lock_wait);
}

Result<std::optional<std::string_view>> exchange_once(int socket, const GuardedBuffer& request,
                                                      std::chrono::milliseconds timeout,
                                                      FrameReader& reader) {
  const Deadline deadline = std::chrono::steady_clock::now() + timeout;
  const Result<void> sent = send_all(socket, request.view(), deadline);
  // An agent that refuses a connection writes why and closes: its answer is read although ours was
  // not taken.
  if (!sent && sent.error().code != Errc::agent_unreachable) return sent.error();
  Result<std::optional<std::string_view>> reply = receive_message(socket, reader, deadline);
  if (!reply && !sent && reply.error().code == Errc::agent_unreachable)
    return std::optional<std::string_view>();
  return reply;
}

namespace {

/// Whether the agent answers somebody else.
bool is_alive(const std::filesystem::path& socket_path) {
  constexpr std::chrono::milliseconds kPatience{1000};
  const Result<UniqueFd> socket = connect_to(socket_path, kPatience);
  if (!socket) return false;
  GuardedBuffer message;
  write_call(message, call::Status{});
  FrameReader reader(kMaxReplyBytes);
  const auto reply = exchange_once(socket->get(), message, kPatience, reader);
  return reply && *reply;
}

}  // namespace

Result<std::string_view> Connection::ask(const GuardedBuffer& request,
                                         std::chrono::milliseconds timeout, Again again,
                                         FrameReader& reader, std::chrono::milliseconds longer) {
  if (!socket_) {
    return Error{Errc::agent_unreachable,
                 "the connection to the agent was given up after an earlier failure"};
  }
  bool repeated = false;  // a call that the agent had, and that may have been its end
  for (Tries tries;;) {
    Result<std::optional<std::string_view>> reply =
        exchange_once(socket_.get(), request, timeout, reader);
    if (!reply && reply.error().code == Errc::timeout && longer.count() > 0 &&
        is_alive(paths_.agent_socket(environment_))) {
      reply = receive_message(socket_.get(), reader, std::chrono::steady_clock::now() + longer);
    }
    if (reply && *reply) return **reply;
    socket_.reset();
    const bool unread = reply.has_value();
    const bool lost = !unread && reply.error().code == Errc::agent_unreachable;
    const bool may_repeat = (unread && again != Again::never) ||
                            (lost && again == Again::always && !std::exchange(repeated, true));
    if (!may_repeat || !tries.another()) {
      return unread ? Error{Errc::agent_unreachable, "the agent ended before it read the request"}
                    : reply.error();
    }
    reader.clear();
    Result<UniqueFd> next = find_or_start(environment_, paths_, spawn_, lock_wait_);
    if (!next) return next.error();
    socket_ = std::move(*next);
  }
}

Result<void> Connection::stream(const GuardedBuffer& request, std::chrono::milliseconds patience,
                                const std::function<Result<bool>(std::string_view)>& take) {
  // Longer than any agent lives.
  constexpr std::chrono::hours kForEver{24 * 365 * 10};
  const UniqueFd socket = std::move(socket_);
  if (!socket) {
    return Error{Errc::agent_unreachable,
                 "the connection to the agent was given up after an earlier failure"};
  }
  Deadline deadline = std::chrono::steady_clock::now() + patience;
  if (Result<void> sent = send_all(socket.get(), request.view(), deadline); !sent) return sent;
  FrameReader reader(kMaxReplyBytes);
  while (true) {
    const Result<std::optional<std::string_view>> reply =
        receive_message(socket.get(), reader, deadline);
    if (!reply) return reply.error();
    if (!*reply) return Error{Errc::agent_unreachable, "the agent ended"};
    const bool more_follow = continues(**reply);
    const Result<bool> goes_on = take(**reply);
    if (!goes_on) return goes_on.error();
    if (!*goes_on || !more_follow) return {};
    reader.pop();
    deadline = std::chrono::steady_clock::now() + kForEver;
  }
}

}  // namespace hfauth::agent
