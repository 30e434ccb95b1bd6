// SPDX-License-Identifier: Apache-2.0
//
// One loop over everything that may happen: output of the program, room for it where it goes, keys
// of the user, signals, the program's end. Where input and output are the user's terminal, the
// program gets one of its own in a session of its own, and ours is handed through. Else it stays in
// our session and process group with the user's own input; each output that is no terminal is a
// pipe (one for both, if both go to the same place, so that their order stays), and one that is a
// terminal (progress bars, while results go to a file) is a terminal that controls nothing.
#include "wrapped_program.hpp"

#include "hfauth/core/secret.hpp"
#include "output_listener.hpp"
#include "program_start.hpp"
#include "pseudo_terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hfauth::cli {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;  // a pipe's own size
constexpr int kBackgroundLookMs =
    300;  // nobody tells a job in the background that it came in front

/// Bytes on the way from one descriptor to another.
class Channel {
 public:
  Channel(int from, int to) : from_(from), to_(to) {
    struct stat status {};

    // A write of more than PIPE_BUF may wait for the reader, and signals would wait with it.
    if (::fstat(to, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
      write_limit_ = 4096;
  }

  [[nodiscard]] pollfd wants_to_read() const {
    return {.fd = open_ && waiting_.empty() ? from_ : -1, .events = POLLIN, .revents = 0};
  }

  [[nodiscard]] pollfd wants_to_write() const {
    return {.fd = waiting_.empty() ? -1 : to_, .events = POLLOUT, .revents = 0};
  }

  /// What is there, as far as one piece holds it; empty at the end, and if there is nothing now.
  std::string_view read() {
    waiting_.resize(kPieceBytes);
    ssize_t n = 0;
    while ((n = ::read(from_, waiting_.data(), waiting_.size())) < 0 && errno == EINTR) {
    }
    // EIO: the last program let go of the terminal.
    if (n == 0 || (n < 0 && errno != EAGAIN)) open_ = false;
    waiting_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return waiting_;
  }

  /// False if the other side takes no more: then nothing is read for it either.
  bool write() {
    const std::size_t n_bytes = std::min(waiting_.size(), write_limit_);
    const ssize_t n = ::write(to_, waiting_.data(), n_bytes);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (n < 0) {
      close();
      return false;
    }
    wipe(std::span(waiting_).first(static_cast<std::size_t>(n)));  // keys may be a password
    waiting_.erase(0, static_cast<std::size_t>(n));
    return true;
  }

  void close() {
    wipe(waiting_);
    waiting_.clear();
    open_ = false;
  }

  [[nodiscard]] bool is_empty() const { return waiting_.empty(); }

 private:
  int from_;
  int to_;
  std::size_t write_limit_ = kPieceBytes;
  std::string waiting_;
  bool open_ = true;
};

struct Output {
  int stream = -1;  ///< of ours, to which it goes
  UniqueFd ours;
  UniqueFd theirs;  ///< kept until the program has it
  std::unique_ptr<Channel> channel;
  std::unique_ptr<OutputListener> listener;
};

/// Signals are taken from a descriptor while this lives; SIGPIPE is an error of write(2).
class Signals {
 public:
  explicit Signals(bool own_terminal) {
    ::sigemptyset(&taken_);
    for (const int number : {SIGCHLD, SIGWINCH, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2})
      ::sigaddset(&taken_, number);
    // In one process group with the program Ctrl-Z stops both by itself.
    if (own_terminal) ::sigaddset(&taken_, SIGTSTP);
    if (own_terminal) ::sigaddset(&taken_, SIGCONT);
    ::pthread_sigmask(SIG_BLOCK, &taken_, &before_);
    ::sigaction(SIGPIPE, nullptr, &pipe_before_);
    ::sigaction(SIGCHLD, nullptr, &child_before_);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGCHLD, SIG_DFL);  // ignored, it would take the program's end from us
    fd_ = UniqueFd(::signalfd(-1, &taken_, SFD_CLOEXEC | SFD_NONBLOCK));
  }

  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  ~Signals() {
    ::sigaction(SIGPIPE, &pipe_before_, nullptr);
    ::sigaction(SIGCHLD, &child_before_, nullptr);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] const sigset_t& before() const { return before_; }

  [[nodiscard]] std::vector<int> to_restore() const {
    return pipe_before_.sa_handler == SIG_IGN ? std::vector<int>{} : std::vector<int>{SIGPIPE};
  }

  [[nodiscard]] std::optional<signalfd_siginfo> next() const {
    signalfd_siginfo info{};
    if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info))
      return std::nullopt;
    return info;
  }

 private:
  sigset_t taken_{};
  sigset_t before_{};

  struct sigaction pipe_before_ {};

  struct sigaction child_before_ {};

  UniqueFd fd_;
};

bool same_file(int a, int b) {
  struct stat one {};

  struct stat other {};

  return ::fstat(a, &one) == 0 && ::fstat(b, &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

class Wrap {
 public:
  Wrap()
      : own_terminal_(::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1),
        signals_(own_terminal_),
        raw_(STDIN_FILENO) {}

  Result<WrappedEnd> run(const std::vector<std::string>& words) {
    if (const Result<void> made = make_outputs(); !made) return made.error();
    if (const Result<void> started = start(words); !started) return started.error();
    for (Output& output : outputs_)
      output.listener = std::make_unique<OutputListener>();
    while (!status_) {
      wait_and_serve(own_terminal_ && !raw_.is_on() ? kBackgroundLookMs : -1);
      if (own_terminal_ && !raw_.is_on()) raw_.on();
    }
    drain();
    raw_.off();
    if (failure_ != 0) return error_from_errno(failure_, words.front());
    return finished();
  }

 private:
  Result<Output*> add_terminal(int stream) {
    Result<PseudoTerminal> pair = open_pseudo_terminal(stream);
    if (!pair) return pair.error();
    return add({stream, std::move(pair->ours), std::move(pair->theirs), nullptr, nullptr});
  }

  Output* add(Output output) {
    output.channel = std::make_unique<Channel>(output.ours.get(), output.stream);
    outputs_.push_back(std::move(output));
    return &outputs_.back();
  }

  Result<void> add_output(int stream) {
    int& theirs = settings_.streams[static_cast<std::size_t>(stream)];
    if (::isatty(stream) == 1) {
      const Result<Output*> added = add_terminal(stream);
      if (!added) return added.error();
      theirs = (*added)->theirs.get();
      // Line ends are for the real terminal to make.
      termios settings{};
      if (::tcgetattr(theirs, &settings) == 0) {
        settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
        ::tcsetattr(theirs, TCSANOW, &settings);
      }
      return {};
    }
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return error_from_errno(errno, "making a pipe");
    theirs = pipe[1];
    const Output* const output =
        add({stream, UniqueFd(pipe[0]), UniqueFd(pipe[1]), nullptr, nullptr});
    if (::fcntl(output->ours.get(), F_SETFL, O_NONBLOCK) != 0)
      return error_from_errno(errno, "making a pipe");
    return {};
  }

  Result<void> make_outputs() {
    outputs_.reserve(2);
    if (own_terminal_) {
      const Result<Output*> added = add_terminal(STDOUT_FILENO);
      if (!added) return added.error();
      const int theirs = (*added)->theirs.get();
      keys_ = std::make_unique<Channel>(STDIN_FILENO, (*added)->ours.get());
      settings_.terminal = theirs;
      settings_.streams = {theirs, theirs, theirs};
      return ::isatty(STDERR_FILENO) == 1 ? Result<void>() : add_output(STDERR_FILENO);
    }
    if (Result<void> out = add_output(STDOUT_FILENO); !out) return out;
    if (same_file(STDOUT_FILENO, STDERR_FILENO)) {
      settings_.streams[2] = settings_.streams[1];
      return {};
    }
    return add_output(STDERR_FILENO);
  }

  Result<void> start(const std::vector<std::string>& words) {
    settings_.signals = signals_.before();
    settings_.defaults = signals_.to_restore();
    if (own_terminal_) raw_.on();
    Result<ProgramStart> started = start_program(words, settings_);
    if (!started) return started.error();
    start_ = std::move(*started);
    if (start_.is_watched) return {};
    // Of a program that nobody watches the only news is that it cannot be run.
    close_their_ends();
    program_ = start_.child;
    if (const ProgramNews news = read_news(start_.news.get()); news.value != EPIPE)
      failure_ = news.value;
    return {};
  }

  void close_their_ends() {
    for (Output& output : outputs_)
      output.theirs.reset();
  }

  void take_news() {
    const ProgramNews news = read_news(start_.news.get());
    switch (news.kind) {
      case ProgramNews::Kind::started:
        program_ = news.value;
        return;
      case ProgramNews::Kind::stopped:
        stop_with_it();
        return;
      case ProgramNews::Kind::failed:
        if (news.value != EPIPE) {
          failure_ = news.value;
          return;
        }
        status_ = SIGKILL;  // who watched is gone, and the program with its terminal
        break;
      case ProgramNews::Kind::ended:
        status_ = news.value;
        break;
    }
    program_ = -1;
    while (::waitpid(start_.child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// The program was stopped: so are we, with our whole process group, as the user's shell expects;
  /// and when it lets us go on, so does the program.
  void stop_with_it() {
    raw_.off();
    sigset_t stop{};
    ::sigemptyset(&stop);
    ::sigaddset(&stop, SIGTSTP);
    ::pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
    ::kill(0, SIGTSTP);  // nothing happens where no shell could let us go on
    ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    go_on();
  }

  void go_on() {
    raw_.on();
    copy_window_sizes();
    if (program_ > 0) ::kill(-program_, SIGCONT);
  }

  void copy_window_sizes() {
    for (const Output& output : outputs_)
      copy_window_size(output.stream, output.ours.get());
  }

  void take_signals() {
    while (const std::optional<signalfd_siginfo> info = signals_.next()) {
      take_signal(static_cast<int>(info->ssi_signo), info->ssi_code == SI_KERNEL);
    }
  }

  void take_signal(int number, bool by_terminal) {
    switch (number) {
      case SIGCHLD:
        if (!start_.is_watched) reap();
        return;
      case SIGWINCH:
        copy_window_sizes();
        // In our group it was told already, when its terminal had the old size still.
        if (program_ > 0 && !own_terminal_) ::kill(program_, SIGWINCH);
        return;
      case SIGCONT:
        go_on();
        return;
      default:
        // What a terminal sends, it sends to the program too if that is in our group.
        if (program_ > 0 && (own_terminal_ || !by_terminal)) ::kill(program_, number);
    }
  }

  void reap() {
    int status = 0;
    if (::waitpid(start_.child, &status, WNOHANG) == start_.child) {
      status_ = status;
      program_ = -1;
    }
  }

  void serve(Output& output, const pollfd& readable, const pollfd& writable) {
    if (readable.revents != 0) output.listener->feed(output.channel->read());
    if (writable.revents != 0 && !output.channel->write()) output.ours.reset();
  }

  void wait_and_serve(int timeout_ms) {
    std::vector<pollfd> files{
        {.fd = signals_.fd(), .events = POLLIN, .revents = 0},
        {.fd = start_.is_watched ? start_.news.get() : -1, .events = POLLIN, .revents = 0}};
    for (const Output& output : outputs_) {
      files.push_back(output.channel->wants_to_read());
      files.push_back(output.channel->wants_to_write());
    }
    if (keys_ && raw_.is_on()) {
      files.push_back(keys_->wants_to_read());
      files.push_back(keys_->wants_to_write());
    }
    if (::poll(files.data(), files.size(), timeout_ms) < 0) return;
    std::size_t at = 2;
    for (Output& output : outputs_) {
      serve(output, files[at], files[at + 1]);
      at += 2;
    }
    if (at < files.size()) {
      if (files[at].revents != 0) (void)keys_->read();
      if (files[at + 1].revents != 0) (void)keys_->write();
    }
    if (files[1].revents != 0) take_news();
    if (files[0].revents != 0) take_signals();
  }

  /// What the program has printed and we have not yet handed on.
  void drain() {
    close_their_ends();
    for (Output& output : outputs_) {
      while (output.ours) {
        if (output.channel->is_empty()) {
          const std::string_view piece = output.channel->read();
          if (piece.empty()) break;
          output.listener->feed(piece);
        }
        std::array<pollfd, 2> files{output.channel->wants_to_write(),
                                    {.fd = signals_.fd(), .events = POLLIN, .revents = 0}};
        if (::poll(files.data(), files.size(), -1) < 0) continue;
        if (files[0].revents != 0 && !output.channel->write()) break;
        if (files[1].revents != 0 && is_told_to_end()) return;
      }
    }
  }

  /// Whoever stops us now waits for a reader that takes no more.
  bool is_told_to_end() {
    while (const std::optional<signalfd_siginfo> info = signals_.next()) {
      const int number = static_cast<int>(info->ssi_signo);
      if (number != SIGCHLD && number != SIGWINCH && number != SIGCONT) return true;
    }
    return false;
  }

  Result<WrappedEnd> finished() {
    WrappedEnd end;
    const int status = *status_;
    end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    const int number = end.status - 128;
    end.interrupted = number == SIGINT || number == SIGTERM || number == SIGHUP;
    for (Output& output : outputs_) {
      Result<diagnose::Explained> explained = output.listener->finish();
      // An error: nothing was printed, or no text.
      if (explained && !explained->explanations.empty()) end.heard.push_back(std::move(*explained));
    }
    return end;
  }

  bool own_terminal_;
  Signals signals_;
  RawTerminal raw_;
  ProgramSettings settings_;
  std::vector<Output> outputs_;
  std::unique_ptr<Channel> keys_;
  ProgramStart start_;
  pid_t program_ = -1;
  int failure_ = 0;
  std::optional<int> status_;
};

/// A descriptor that the caller has closed must not become one of ours.
void open_missing_streams() {
  for (int fd = 0; fd < 3; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) (void)::open("/dev/null", O_RDWR);
  }
}

}  // namespace

Result<WrappedEnd> run_wrapped(const std::vector<std::string>& words) {
  open_missing_streams();
  return Wrap().run(words);
}

}  // namespace hfauth::cli
