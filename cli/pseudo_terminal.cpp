// SPDX-License-Identifier: Apache-2.0
#include "pseudo_terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace hfauth::cli {

Result<PseudoTerminal> open_pseudo_terminal(int like) {
  PseudoTerminal pair;
  pair.ours = UniqueFd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!pair.ours || ::grantpt(pair.ours.get()) != 0 || ::unlockpt(pair.ours.get()) != 0)
    return error_from_errno(errno, "opening a terminal");
  // By descriptor: the name below /dev/pts may be another one in a container.
  pair.theirs = UniqueFd(::ioctl(pair.ours.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!pair.theirs) return error_from_errno(errno, "opening a terminal");
  termios settings{};
  if (::tcgetattr(like, &settings) == 0) ::tcsetattr(pair.theirs.get(), TCSANOW, &settings);
  copy_window_size(like, pair.ours.get());
  if (::fcntl(pair.ours.get(), F_SETFL, O_RDWR | O_NONBLOCK) != 0)
    return error_from_errno(errno, "setting up a terminal");
  return pair;
}

void copy_window_size(int from, int to) noexcept {
  winsize size{};
  if (::ioctl(from, TIOCGWINSZ, &size) == 0) ::ioctl(to, TIOCSWINSZ, &size);
}

bool is_in_foreground(int terminal) noexcept {
  const pid_t group = ::tcgetpgrp(terminal);
  return group < 0 || group == ::getpgrp();
}

RawTerminal::RawTerminal(int terminal) noexcept : terminal_(terminal) {}

void RawTerminal::on() noexcept {
  if (on_ || !is_in_foreground(terminal_) || ::tcgetattr(terminal_, &before_) != 0) return;
  termios raw = before_;
  ::cfmakeraw(&raw);
  on_ = ::tcsetattr(terminal_, TCSADRAIN, &raw) == 0;
}

void RawTerminal::off() noexcept {
  if (!on_) return;
  on_ = false;
  if (is_in_foreground(terminal_)) ::tcsetattr(terminal_, TCSADRAIN, &before_);
}

}  // namespace hfauth::cli
