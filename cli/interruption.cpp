// SPDX-License-Identifier: Apache-2.0
#include "interruption.hpp"

namespace hfauth::cli {
namespace {

constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t is_asked = 0;

extern "C" void note_signal(int /*number*/) {
  is_asked = 1;
}

}  // namespace

Interruption::Interruption() noexcept {
  is_asked = 0;

  struct sigaction action {};

  action.sa_handler = &note_signal;
  // Without SA_RESTART, so that waiting calls end; with SA_RESETHAND, so that a second one is not
  // swallowed.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before_[i]);
    // What the user's shell had ignored (nohup) stays ignored.
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &action, nullptr);
  }
}

Interruption::~Interruption() {
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    ::sigaction(kSignals[i], &before_[i], nullptr);
}

bool Interruption::is_asked_for() noexcept {
  return is_asked != 0;
}

}  // namespace hfauth::cli
