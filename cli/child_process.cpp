// SPDX-License-Identifier: Apache-2.0
//
// posix_spawn with a socket for standard input (a pipe would end us with SIGPIPE if the program
// does not read), a pipe for standard output, and a pidfd to wait on: a daemon that the program
// leaves behind may hold its output open for ever.
#include "child_process.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/secret.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace hfauth::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kOutputLimit = std::size_t{256} << 10;

/// NULL-terminated pointers into strings that live on.
class Pointers {
 public:
  explicit Pointers(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (std::string& text : texts_)
      pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }

  Pointers(const Pointers&) = delete;
  Pointers& operator=(const Pointers&) = delete;

  ~Pointers() {
    for (std::string& text : texts_)
      wipe(text);  // an environment may hold a token
  }

  [[nodiscard]] char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> assignments(const Environment& environment) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : environment.variables())
    lines.push_back(name + "=" + value);
  return lines;
}

/// Standard streams -1 are /dev/null.
Result<pid_t> spawn(const std::vector<std::string>& words, const Environment& environment,
                    int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::array<int, 3> streams{input, output, -1};
  for (int target = 0; target < 3; ++target) {
    const int source = streams.at(static_cast<std::size_t>(target));
    if (source >= 0) {
      posix_spawn_file_actions_adddup2(&actions, source, target);
    } else {
      posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0);
    }
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  const Pointers argv(words);
  const Pointers envp(assignments(environment));
  pid_t child = -1;
  const int fault =
      posix_spawnp(&child, words.front().c_str(), &actions, &attributes, argv.get(), envp.get());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (fault != 0) return error_from_errno(fault, words.front());
  return child;
}

/// Ends a child that is still there when the object ends.
class Child {
 public:
  explicit Child(pid_t pid)
      : pid_(pid), end_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))) {}

  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ~Child() {
    if (pid_ < 0) return;
    ::kill(-pid_, SIGKILL);
    (void)wait();
  }

  [[nodiscard]] int end_fd() const { return end_.get(); }

  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
  UniqueFd end_;
};

using Take = std::function<Result<void>(std::string_view)>;

/// What is there now. False at the end of the output.
Result<bool> read_some(int fd, const Take& take) {
  std::array<char, std::size_t{16} << 10> piece{};
  const ssize_t n = ::read(fd, piece.data(), piece.size());
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (n < 0) return error_from_errno(errno, "reading a program's output");
  const Result<void> taken = take({piece.data(), static_cast<std::size_t>(n)});
  wipe(piece);
  if (!taken) return taken.error();
  return n > 0;
}

/// What a program is given to read. Closed when all is sent, and when nobody reads it any more,
/// which is no fault.
class Input {
 public:
  Input(UniqueFd fd, std::string_view text) : fd_(std::move(fd)), left_(text) { send_some(); }

  /// -1 when all is sent.
  [[nodiscard]] int fd() const { return fd_.get(); }

  void send_some() {
    const ssize_t n = ::send(fd_.get(), left_.data(), left_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return;
    left_.remove_prefix(n < 0 ? left_.size() : static_cast<std::size_t>(n));
    if (left_.empty()) fd_.reset();
  }

 private:
  UniqueFd fd_;
  std::string_view left_;
};

/// Until the child has ended; then what is left in the pipe.
Result<void> collect(const Child& child, Input input, int fd, milliseconds deadline,
                     const Take& take) {
  const auto end = steady_clock::now() + deadline;
  bool open = true;
  while (true) {
    std::array<pollfd, 3> files{pollfd{.fd = child.end_fd(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = open ? fd : -1, .events = POLLIN, .revents = 0},
                                pollfd{.fd = input.fd(), .events = POLLOUT, .revents = 0}};
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) return Error{Errc::timeout, "the program did not end in time"};
    if (::poll(files.data(), files.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
      return error_from_errno(errno, "waiting for a program");
    if (files[2].revents != 0) input.send_some();
    if (files[1].revents != 0) {
      const Result<bool> more = read_some(fd, take);
      if (!more) return more.error();
      open = *more;
      continue;
    }
    if (files[0].revents != 0) return {};
  }
}

/// Runs `words` and hands its output to `take`.
Result<int> run(const std::vector<std::string>& words, const Environment& environment,
                std::string_view input, milliseconds deadline, const Take& take) {
  std::array<int, 2> sockets{};
  std::array<int, 2> pipe{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    return error_from_errno(errno, "making a socket");
  UniqueFd ours(sockets[0]);
  UniqueFd theirs(sockets[1]);
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return error_from_errno(errno, "making a pipe");
  const UniqueFd output(pipe[0]);
  UniqueFd their_output(pipe[1]);
  const Result<pid_t> pid = spawn(words, environment, theirs.get(), their_output.get());
  if (!pid) return pid.error();
  Child child(*pid);
  if (child.end_fd() < 0) return error_from_errno(errno, "watching a program");
  theirs.reset();
  their_output.reset();
  const Result<void> collected =
      collect(child, Input(std::move(ours), input), output.get(), deadline, take);
  if (!collected)
    return Error{collected.error().code, words.front() + ": " + collected.error().detail};
  return child.wait();
}

}  // namespace

Result<ChildResult> run_child(const std::vector<std::string>& words, const Environment& environment,
                              std::string_view input, milliseconds deadline) {
  std::string output;
  const Result<int> status =
      run(words, environment, input, deadline, [&output](std::string_view piece) -> Result<void> {
        output.append(piece);
        if (output.size() > kOutputLimit)
          return Error{Errc::too_large, "a program's output is too long"};
        return {};
      });
  if (!status) return status.error();
  return ChildResult{*status, std::move(output)};
}

Result<int> stream_child(const std::vector<std::string>& words, const Environment& environment,
                         const std::function<void(std::string_view)>& take, milliseconds deadline,
                         std::string_view input) {
  return run(words, environment, input, deadline, [&take](std::string_view piece) -> Result<void> {
    take(piece);
    return {};
  });
}

Result<void> start_and_leave(const std::vector<std::string>& words,
                             const Environment& environment) {
  const Result<pid_t> pid = spawn(words, environment, -1, -1);
  if (!pid) return pid.error();
  return {};
}

}  // namespace hfauth::cli
