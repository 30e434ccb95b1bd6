// SPDX-License-Identifier: Apache-2.0
//
// read(2) into Secret, and termios without ECHO. Signals that would end or stop the program while
// echo is off stay pending (blocked, seen through a signalfd); they take their usual effect when
// the terminal has been set back. So there is no handler and no moment at which one could be
// missed.
#include "secret_input.hpp"

#include "hfauth/core/file.hpp"
#include "talk.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <ostream>

namespace hfauth::cli {
namespace {

/// Echo off and signals pending, for the life of the object.
class QuietTerminal {
 public:
  QuietTerminal() {
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
      sigaddset(&held, number);
    pthread_sigmask(SIG_BLOCK, &held, &mask_before_);
    signals_ = UniqueFd(signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_ || tcgetattr(STDIN_FILENO, &attributes_) != 0) return;
    termios quiet = attributes_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ICANON;
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }

  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  ~QuietTerminal() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &attributes_);
    pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);  // a pending signal acts here
  }

  [[nodiscard]] bool is_quiet() const noexcept { return changed_; }

  /// Blocks until a line was typed or a signal is pending. Errors: interrupted, io.
  [[nodiscard]] Result<void> wait() const {
    std::array<pollfd, 2> files{pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                pollfd{.fd = signals_.get(), .events = POLLIN, .revents = 0}};
    while (poll(files.data(), files.size(), -1) < 0) {
      if (errno != EINTR) return error_from_errno(errno, tr("waiting for standard input"));
    }
    if (files[1].revents != 0) return Error{Errc::interrupted, tr("interrupted")};
    return {};
  }

 private:
  termios attributes_{};
  sigset_t mask_before_{};
  UniqueFd signals_;
  bool changed_ = false;
};

struct Input {
  int fd = STDIN_FILENO;
  std::string name = tr("standard input");
};

/// Reads once into the free end of `memory`; the number of bytes, 0 at the end of input.
Result<std::size_t> read_some(const Input& input, Secret& memory, std::size_t n_read) {
  while (true) {
    const ssize_t n = ::read(input.fd, memory.writable().data() + n_read, memory.size() - n_read);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) return error_from_errno(errno, filled(tr("reading {}"), input.name));
  }
}

/// Up to the end of input, or of a line if a terminal is being asked.
Result<Secret> read_all(const Input& input, const QuietTerminal* terminal = nullptr) {
  Secret memory = Secret::allocate(kSecretInputLimit + 1);
  std::size_t n_read = 0;
  while (n_read < memory.size()) {
    if (terminal != nullptr) {
      if (const Result<void> ready = terminal->wait(); !ready) return ready.error();
    }
    const Result<std::size_t> n = read_some(input, memory, n_read);
    if (!n) return n.error();
    n_read += *n;
    const bool whole_line =
        terminal != nullptr && memory.expose().substr(0, n_read).ends_with('\n');
    if (*n == 0 || whole_line) break;
  }
  if (n_read > kSecretInputLimit) {
    return Error{Errc::too_large, filled(tr("{} holds more than a token"), input.name)};
  }
  memory.truncate(n_read);
  return memory;
}

}  // namespace

Result<Secret> read_secret_from_stdin() {
  return read_all({});
}

Result<Secret> read_secret_from(const std::string& path) {
  std::error_code unseen;
  if (!std::filesystem::is_fifo(path, unseen)) return read_secret_file(path, kSecretInputLimit);
  const UniqueFd pipe(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!pipe) return error_from_errno(errno, path);
  return read_all({pipe.get(), path});
}

Result<Secret> ask_secret(Context& context, const std::string& question) {
  if (!context.terminal.in_is_terminal) {
    return Error{Errc::usage, tr("standard input is not a terminal")};
  }
  const QuietTerminal quiet;
  if (!quiet.is_quiet()) {
    return Error{Errc::io, tr("cannot switch the echo of the terminal off")};
  }
  context.err << question << std::flush;
  Result<Secret> answer = read_all({}, &quiet);
  context.err << '\n' << std::flush;
  return answer;
}

}  // namespace hfauth::cli
