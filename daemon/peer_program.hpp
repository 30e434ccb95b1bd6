// SPDX-License-Identifier: Apache-2.0
//
// Which program is at the other end of a connection (program_look.hpp), for the policy as it is now
// and for the audit as it was a moment ago. Lives on the loop.
#pragma once

#include "policy.hpp"
#include "seen_programs.hpp"

#include <sys/types.h>

#include <optional>

namespace hfauth::daemon {

class PeerProgram {
 public:
  /// `socket` and `seen` must outlive this.
  PeerProgram(int socket, pid_t pid, SeenPrograms& seen) noexcept
      : socket_(socket), pid_(pid), recent_(seen) {}

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

  /// As it is now; some ten microseconds. Not known if the process that connected has ended: who
  /// inherited its connection is another one.
  [[nodiscard]] ProgramFacts look() const;

  /// As it was when this was first asked, or a moment before (SeenPrograms): what the audit tells.
  [[nodiscard]] const ProgramFacts& seen();

  /// Forgets the socket, which is being closed: look() knows nothing any more.
  void end() noexcept { socket_ = -1; }

 private:
  int socket_;
  pid_t pid_;
  SeenPrograms& recent_;
  std::optional<ProgramFacts> seen_;
};

}  // namespace hfauth::daemon
