// SPDX-License-Identifier: Apache-2.0
//
// The load generator of the reliability plan: one thread, one epoll set, so that it is never the
// bottleneck of what it measures. Speaks to hfauthd (Varlink), to ssh-agent (its list request) and
// to git's credential cache, and prints one line of JSON: requests, errors, requests a second,
// latencies in microseconds. Used by r01_load.py and r02_throughput.py.
//   hfauth_load --socket PATH --protocol varlink|mixed|ssh|git --busy N --idle N --seconds S
//   [--depth N] [--reconnect] [--rate R]
// busy: connections that ask again as soon as they have their answer, or, with a rate, R times a
// second each, whether they have it or not, and then a latency counts from the moment at which the
// question was due: who is late is not asked less often. idle: those that ask once every 20 s;
// depth: how many requests a busy connection has under way; reconnect: a new connection for each
// request (git's cache allows nothing else). The agent gives a process 64 connections and counts a
// connection for the process that made it, so each 60 are made by a child, which hands them over
// and waits.
#include "load_connection.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::load {
namespace {

constexpr int kConnectionsOfAChild = 60;
constexpr std::uint64_t kIdlePeriod = 20'000'000'000;  // ns
constexpr std::uint64_t kLongestWait = 100'000'000;    // ns
constexpr std::uint64_t kLostAfter = 10'000'000'000;   // ns without an answer: counted as an error

struct Options {
  std::string socket;
  Protocol protocol = Protocol::varlink;
  int busy = 1;
  int idle = 0;
  int depth = 1;
  double seconds = 1;
  bool reconnect = false;
  double rate = 0;  ///< of a busy connection; 0: as fast as answers come
};

struct Tally {
  std::uint64_t errors = 0;
  std::vector<std::uint32_t> latencies;  // of the busy ones, ns / 100
};

void send_fd(int channel, int fd) {
  char byte = 0;
  iovec part{.iov_base = &byte, .iov_len = 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (sendmsg(channel, &message, 0) != 1) fail("handing a connection over");
}

int receive_fd(int channel) {
  char byte = 0;
  iovec part{.iov_base = &byte, .iov_len = 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(channel, &message, MSG_CMSG_CLOEXEC) != 1) fail("taking a connection over");
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header == nullptr) fail("taking a connection over");
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return fd;
}

/// The children wait for the end of this process's side of their channel.
class Makers {
 public:
  Makers() = default;
  Makers(const Makers&) = delete;
  Makers& operator=(const Makers&) = delete;

  ~Makers() {
    for (const int channel : channels_)
      close(channel);
    while (wait(nullptr) > 0) {
    }
  }

  std::vector<int> connections(const std::string& path, int count) {
    std::vector<int> made;
    while (static_cast<int>(made.size()) < count) {
      const int n = std::min(kConnectionsOfAChild, count - static_cast<int>(made.size()));
      int ends[2];
      if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) fail("socketpair");
      const pid_t child = fork();
      if (child < 0) fail("fork");
      if (child == 0) {
        close(ends[0]);
        for (int i = 0; i < n; ++i) {
          const int fd = connect_to(path);
          send_fd(ends[1], fd);
          close(fd);
        }
        char end = 0;
        while (read(ends[1], &end, 1) > 0) {
        }
        _exit(0);
      }
      close(ends[1]);
      channels_.push_back(ends[0]);
      for (int i = 0; i < n; ++i)
        made.push_back(receive_fd(ends[0]));
    }
    return made;
  }

 private:
  std::vector<int> channels_;
};

/// Which busy connection asks when: in turn, evenly.
class Schedule {
 public:
  Schedule(std::uint64_t begin, const Options& options)
      : begin_(begin),
        connections_(static_cast<std::uint64_t>(options.busy)),
        per_second_(options.rate * options.busy) {}

  [[nodiscard]] std::uint64_t due() const {
    if (per_second_ <= 0) return UINT64_MAX;
    return begin_ + static_cast<std::uint64_t>(static_cast<double>(turn_) * 1e9 / per_second_);
  }

  [[nodiscard]] std::size_t whose() const { return turn_ % connections_; }

  void next() { ++turn_; }

 private:
  std::uint64_t begin_;
  std::uint64_t connections_;
  double per_second_;
  std::uint64_t turn_ = 0;
};

class Run {
 public:
  explicit Run(Options options)
      : options_(std::move(options)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) fail("epoll");
  }

  Tally go() {
    Makers makers;
    const int total = options_.busy + options_.idle;
    const std::vector<int> sockets = options_.reconnect
                                         ? std::vector<int>(static_cast<std::size_t>(total), -1)
                                         : makers.connections(options_.socket, total);
    for (int i = 0; i < total; ++i) {
      connections_.push_back(std::make_unique<Connection>(options_.protocol, i));
      Connection& connection = *connections_.back();
      connection.fd =
          options_.reconnect ? connect_to(options_.socket) : sockets[static_cast<std::size_t>(i)];
      connection.idle = i >= options_.busy;
      watch(connection);
    }
    const std::uint64_t begin = now_ns();
    const std::uint64_t end = begin + static_cast<std::uint64_t>(options_.seconds * 1e9);
    for (const auto& connection : connections_) {
      if (!connection->idle && options_.rate > 0) continue;
      for (int i = 0; i < (connection->idle ? 1 : options_.depth); ++i)
        connection->ask(now_ns());
    }
    Schedule schedule(begin, options_);
    std::uint64_t next_look = begin + 1'000'000'000;
    std::array<epoll_event, 256> events{};
    for (std::uint64_t now = begin; now < end; now = now_ns()) {
      for (; schedule.due() <= now; schedule.next())
        connections_[schedule.whose()]->ask(schedule.due());
      const int n = wait(events, std::min(schedule.due() - now, kLongestWait));
      for (int i = 0; i < n; ++i)
        take(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
      if (now >= next_look) {
        look(now);
        next_look = now + 1'000'000'000;
      }
    }
    for (const auto& connection : connections_)
      close(connection->fd);
    return std::move(tally_);
  }

 private:
  [[nodiscard]] int wait(std::array<epoll_event, 256>& events, std::uint64_t time) const {
    const timespec timeout{.tv_sec = 0, .tv_nsec = static_cast<long>(time)};
    return epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  }

  void watch(Connection& connection) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) != 0) fail("epoll_ctl");
  }

  /// A connection that was closed or answers nonsense is one error, and made anew.
  void again(Connection& connection) {
    close(connection.fd);
    connection.restart(connect_to(options_.socket));
    watch(connection);
    if (!connection.idle && options_.rate > 0) return;
    for (int i = 0; i < (connection.idle ? 1 : options_.depth); ++i)
      connection.ask(now_ns());
  }

  void take(Connection& connection) {
    const Connection::Outcome outcome = connection.read_answers();
    for (const std::uint64_t latency : outcome.latencies) {
      if (!connection.idle)
        tally_.latencies.push_back(
            static_cast<std::uint32_t>(std::min<std::uint64_t>(latency / 100, UINT32_MAX)));
    }
    tally_.errors += outcome.errors;
    if (outcome.broken) {
      ++tally_.errors;
      again(connection);
    } else if (options_.reconnect && !outcome.latencies.empty()) {
      again(connection);
    } else if (!connection.idle && options_.rate == 0) {
      for (std::size_t i = 0; i < outcome.latencies.size(); ++i)
        connection.ask(now_ns());
    }
  }

  void look(std::uint64_t now) {
    for (const auto& connection : connections_) {
      if (connection->waits_since(now) > kLostAfter) {
        ++tally_.errors;
        again(*connection);
      } else if (connection->idle && now - connection->last_answer > kIdlePeriod &&
                 connection->waits_since(now) == 0) {
        connection->ask(now);
      }
    }
  }

  Options options_;
  int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  Tally tally_;
};

double microseconds(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1));
  return sorted[index] / 10.0;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--reconnect") {
      options.reconnect = true;
      continue;
    }
    if (++i >= argc) fail("an option without a value");
    const char* const value = argv[i];
    if (name == "--socket") {
      options.socket = value;
    } else if (name == "--protocol") {
      options.protocol = protocol_named(value);
    } else if (name == "--busy") {
      options.busy = std::atoi(value);
    } else if (name == "--idle") {
      options.idle = std::atoi(value);
    } else if (name == "--depth") {
      options.depth = std::atoi(value);
    } else if (name == "--rate") {
      options.rate = std::atof(value);
    } else if (name == "--seconds") {
      options.seconds = std::atof(value);
    } else {
      fail("an unknown option");
    }
  }
  return options;
}

}  // namespace
}  // namespace hfauth::load

int main(int argc, char** argv) {
  using namespace hfauth::load;
  signal(SIGPIPE, SIG_IGN);
  const Options options = parse(argc, argv);
  Tally tally = Run(options).go();
  std::vector<std::uint32_t>& sorted = tally.latencies;
  std::sort(sorted.begin(), sorted.end());
  std::printf(
      "{\"requests\": %zu, \"errors\": %llu, \"per_second\": %.0f, \"p50\": %.1f, \"p99\": %.1f, "
      "\"p999\": %.1f, \"max\": %.1f}\n",
      sorted.size(), static_cast<unsigned long long>(tally.errors),
      static_cast<double>(sorted.size()) / options.seconds, microseconds(sorted, 0.5),
      microseconds(sorted, 0.99), microseconds(sorted, 0.999), microseconds(sorted, 1));
  return 0;
}
