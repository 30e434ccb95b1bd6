// SPDX-License-Identifier: Apache-2.0
//
// Which program is at the other end of a connection: its executable and its control group, read
// from /proc under a pidfd, so that a process number that was given to another process is never
// mistaken for the first one's (SO_PEERPIDFD, Linux 6.5; before that pidfd_open(2), which leaves
// the moment between connect and accept). For policy and audit, not a boundary. Lives on the loop.
#pragma once

#include "hfauth/core/file.hpp"
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

/// A pidfd of the process that made a connection; none if it has ended.
[[nodiscard]] UniqueFd open_peer_process(int socket, pid_t pid);

/// A pidfd becomes readable when its process ends (pidfd_open(2)).
[[nodiscard]] bool process_lives(int pidfd);

/// Of the process of a pidfd, whose number is `pid`. Not known if it has ended, if it hides itself,
/// or if `pidfd` is none.
[[nodiscard]] ProgramFacts look_at_program(int pidfd, pid_t pid);

/// The last part of the first line of /proc/PID/cgroup: "jupyter.service" of
/// "0::/user.slice/user-1000.slice/user@1000.service/app.slice/jupyter.service".
[[nodiscard]] std::string unit_of(std::string_view cgroup);

}  // namespace hfauth::daemon
