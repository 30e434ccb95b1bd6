// SPDX-License-Identifier: Apache-2.0
//
// read(2) into Secret, and termios without ECHO. Signals that would end or stop the program while
// echo is off are caught without SA_RESTART, so that read(2) returns and the terminal is set back
// before the signal is raised again.
#include "secret_input.hpp"

#include "talk.hpp"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
volatile sig_atomic_t g_signal = 0;

void remember(int number) {
  g_signal = number;
}

/// Echo off and signals remembered, for the life of the object.
class QuietTerminal {
 public:
  QuietTerminal() {
    g_signal = 0;
    struct sigaction action = {};
    action.sa_handler = remember;
    for (std::size_t i = 0; i < kSignals.size(); ++i)
      sigaction(kSignals[i], &action, &before_[i]);
    if (tcgetattr(STDIN_FILENO, &attributes_) != 0) return;
    termios quiet = attributes_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ICANON;
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }

  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  ~QuietTerminal() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &attributes_);
    for (std::size_t i = 0; i < kSignals.size(); ++i)
      sigaction(kSignals[i], &before_[i], nullptr);
  }

  [[nodiscard]] bool is_quiet() const noexcept { return changed_; }

 private:
  termios attributes_{};
  bool changed_ = false;
  std::array<struct sigaction, kSignals.size()> before_{};
};

/// Reads until `enough` says so, end of input or the limit.
template <class Enough>
Result<Secret> read_stdin(Enough enough) {
  Secret memory = Secret::allocate(kSecretInputLimit + 1);
  std::size_t n_read = 0;
  while (n_read < memory.size() && !enough(memory.expose().substr(0, n_read))) {
    const ssize_t n =
        ::read(STDIN_FILENO, memory.writable().data() + n_read, memory.size() - n_read);
    if (n == 0) break;
    if (n < 0 && errno == EINTR && g_signal == 0) continue;
    if (n < 0 && errno == EINTR) return Error{Errc::interrupted, tr("interrupted")};
    if (n < 0) return error_from_errno(errno, tr("reading standard input"));
    n_read += static_cast<std::size_t>(n);
  }
  if (n_read > kSecretInputLimit)
    return Error{Errc::too_large, tr("standard input holds more than a token")};
  memory.truncate(n_read);
  return memory;
}

}  // namespace

Result<Secret> read_secret_from_stdin() {
  return read_stdin([](std::string_view) { return false; });
}

Result<Secret> ask_secret(Context& context, const std::string& question) {
  if (!context.terminal.in_is_terminal)
    return Error{Errc::usage, tr("standard input is not a terminal")};
  context.err << question << std::flush;
  Result<Secret> answer = Secret();
  {
    const QuietTerminal quiet;
    if (!quiet.is_quiet()) return Error{Errc::io, tr("cannot switch the echo of the terminal off")};
    answer = read_stdin([](std::string_view bytes) { return bytes.ends_with('\n'); });
  }
  context.err << '\n' << std::flush;
  if (g_signal != 0 && !answer)
    raise(g_signal);  // the default action now, with the terminal as it was
  return answer;
}

}  // namespace hfauth::cli
