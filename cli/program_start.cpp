// SPDX-License-Identifier: Apache-2.0
//
// Between fork and exec nothing but system calls: the memory is a copy, and no lock is known to be
// free.
#include "program_start.hpp"

#include "hfauth/core/core_dumps.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace hfauth::cli {
namespace {

void tell(int fd, ProgramNews::Kind kind, int value) noexcept {
  const ProgramNews news{kind, value};
  while (::write(fd, &news, sizeof news) < 0 && errno == EINTR) {
  }
}

/// In the program's own process; becomes it.
[[noreturn]] void become(char* const* argv, const ProgramSettings& settings, int news) noexcept {
  if (settings.terminal >= 0) {
    // Before the first byte is read, and not stopped for it: a group in the background may not.
    ::setpgid(0, 0);
    ::signal(SIGTTOU, SIG_IGN);
    ::tcsetpgrp(settings.terminal, ::getpgrp());
    ::signal(SIGTTOU, SIG_DFL);
  }
  for (const int number : settings.defaults)
    ::signal(number, SIG_DFL);
  for (int target = 0; target < 3; ++target) {
    const int source = settings.streams[static_cast<std::size_t>(target)];
    if (source != target && ::dup2(source, target) < 0) {
      tell(news, ProgramNews::Kind::failed, errno);
      ::_exit(127);
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &settings.signals, nullptr);
  allow_core_dumps_again();
  ::execvp(argv[0], argv);
  tell(news, ProgramNews::Kind::failed, errno);
  ::_exit(127);
}

/// In the process that watches the program; ends with it.
[[noreturn]] void watch(pid_t program, int news) noexcept {
  while (true) {
    int status = 0;
    if (::waitpid(program, &status, WUNTRACED) < 0) {
      if (errno == EINTR) continue;
      ::_exit(1);
    }
    if (WIFSTOPPED(status)) {
      tell(news, ProgramNews::Kind::stopped, WSTOPSIG(status));
      continue;
    }
    tell(news, ProgramNews::Kind::ended, status);
    ::_exit(0);
  }
}

/// In the first process of a new session.
[[noreturn]] void lead_session(char* const* argv, const ProgramSettings& settings,
                               int news) noexcept {
  ::setsid();
  ::ioctl(settings.terminal, TIOCSCTTY, 0);
  const pid_t program = ::fork();
  if (program < 0) {
    tell(news, ProgramNews::Kind::failed, errno);
    ::_exit(127);
  }
  if (program == 0) become(argv, settings, news);
  ::setpgid(program, program);  // whoever of the two is first
  tell(news, ProgramNews::Kind::started, program);
  // No descriptor of ours keeps the terminal or a pipe open.
  for (int fd = 0; fd < 3; ++fd)
    ::close(fd);
  ::close_range(3, static_cast<unsigned>(news) - 1, 0);
  ::close_range(static_cast<unsigned>(news) + 1, ~0U, 0);
  watch(program, news);
}

}  // namespace

Result<ProgramStart> start_program(const std::vector<std::string>& words,
                                   const ProgramSettings& settings) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return error_from_errno(errno, "making a pipe");
  ProgramStart start;
  start.news = UniqueFd(pipe[0]);
  const UniqueFd theirs(::fcntl(pipe[1], F_DUPFD_CLOEXEC, 4));  // not the first that is closed
  ::close(pipe[1]);
  std::vector<std::string> copies = words;
  std::vector<char*> argv;
  argv.reserve(copies.size() + 1);
  for (std::string& word : copies)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  start.is_watched = settings.terminal >= 0;
  start.child = ::fork();
  if (start.child < 0) return Error{Errc::busy, error_from_errno(errno, "fork").detail};
  if (start.child == 0) {
    if (start.is_watched) lead_session(argv.data(), settings, theirs.get());
    become(argv.data(), settings, theirs.get());
  }
  return start;
}

ProgramNews read_news(int fd) noexcept {
  ProgramNews news;
  ssize_t n = 0;
  while ((n = ::read(fd, &news, sizeof news)) < 0 && errno == EINTR) {
  }
  return n == static_cast<ssize_t>(sizeof news) ? news
                                                : ProgramNews{ProgramNews::Kind::failed, EPIPE};
}

}  // namespace hfauth::cli
