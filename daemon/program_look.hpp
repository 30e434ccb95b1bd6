// SPDX-License-Identifier: Apache-2.0
//
// The executable and the control group of a process at the other end of a socket, read from /proc
// under a pidfd, so that a process number that was given to another process is never mistaken for
// the first one's (SO_PEERPIDFD, Linux 6.5; before that pidfd_open(2), which leaves the moment
// between connect and accept). For policy and audit, not a boundary.
#pragma once

#include "hfauth/core/file.hpp"
#include "policy.hpp"

#include <sys/types.h>

#include <string>
#include <string_view>

namespace hfauth::daemon {

/// A pidfd of the process that made a connection; none if it has ended.
[[nodiscard]] UniqueFd open_peer_process(int socket, pid_t pid);

/// A pidfd becomes readable when its process ends (pidfd_open(2)).
[[nodiscard]] bool process_lives(int pidfd);

/// Of the process of a pidfd, whose number is `pid`. Not known if it has ended, if it hides itself,
/// or if `pidfd` is none.
[[nodiscard]] ProgramFacts look_at_program(int pidfd, pid_t pid);

/// The innermost service or scope in a text of /proc/PID/cgroup (cgroups(7)), or the last part of
/// the control group if there is none: "jupyter.service" of
/// "0::/user.slice/user-1000.slice/user@1000.service/app.slice/jupyter.service/worker". "" for the
/// root of the hierarchy.
[[nodiscard]] std::string unit_of(std::string_view cgroup);

}  // namespace hfauth::daemon
