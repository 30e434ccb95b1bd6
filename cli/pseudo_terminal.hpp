// SPDX-License-Identifier: Apache-2.0
//
// A pair of terminals for a program whose output is to be read along: the program gets the one end,
// made like the user's own terminal, and what it prints comes out at the other.
#pragma once

#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"

#include <termios.h>

namespace hfauth::cli {

struct PseudoTerminal {
  UniqueFd ours;    ///< where the program's output is read and keys are written; does not block
  UniqueFd theirs;  ///< the program's terminal; becomes nobody's controlling terminal by itself
};

/// With the settings and the size of the terminal `like`. Errors: io, busy.
[[nodiscard]] Result<PseudoTerminal> open_pseudo_terminal(int like);

/// Gives `to` the window size of `from`; the program in front of `to` is told if that is news.
void copy_window_size(int from, int to) noexcept;

/// Whether this process may change the terminal: it is in its foreground, or the terminal controls
/// no session of ours.
[[nodiscard]] bool is_in_foreground(int terminal) noexcept;

/// The user's terminal handed through: while it is on, keys arrive one by one and untouched, and
/// what is printed is not changed. Off again at the end, whatever happens but SIGKILL.
class RawTerminal {
 public:
  explicit RawTerminal(int terminal) noexcept;
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  ~RawTerminal() { off(); }

  /// Nothing happens while we are in the background.
  void on() noexcept;
  void off() noexcept;

  [[nodiscard]] bool is_on() const noexcept { return on_; }

 private:
  int terminal_;
  bool on_ = false;
  termios before_{};
};

}  // namespace hfauth::cli
