// SPDX-License-Identifier: Apache-2.0
//
// Ctrl-C as a question instead of an end, while something must be tidied up: SIGINT, SIGTERM and
// SIGHUP are noted for this object's lifetime; a second one ends the program as usual. One at a
// time.
#pragma once

#include <array>
#include <csignal>

namespace hfauth::cli {

class Interruption {
 public:
  Interruption() noexcept;
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  [[nodiscard]] static bool is_asked_for() noexcept;

 private:
  std::array<struct sigaction, 3> before_{};
};

}  // namespace hfauth::cli
