// SPDX-License-Identifier: Apache-2.0
//
// What the audit tells of the programs that connected just now. A program that connects for each
// request is looked at once in a moment, not each time: the look was a third of what such a request
// costs. The pidfds that are kept prove that a process number is still its own. Not for the policy,
// which looks anew (PeerProgram). Lives on the loop.
#pragma once

#include "hfauth/core/file.hpp"
#include "policy.hpp"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <vector>

namespace hfauth::daemon {

class SeenPrograms {
 public:
  /// When the owner calls forget(): by then a process may run another program (execve(2)), or have
  /// been moved to another control group.
  static constexpr std::chrono::milliseconds kKeptFor{100};

  /// Each holds a file descriptor.
  static constexpr std::size_t kMost = 16;

  /// `alarm` is called when the first is kept: forget() is due kKeptFor later.
  explicit SeenPrograms(std::function<void()> alarm) : alarm_(std::move(alarm)) {}

  /// Of the process that made the connection `socket`, as it was at most kKeptFor ago. Not known:
  /// as of look_at_program().
  [[nodiscard]] ProgramFacts of_peer(int socket, pid_t pid);

  void forget() noexcept { seen_.clear(); }

 private:
  struct Seen {
    pid_t pid;
    UniqueFd process;
    ProgramFacts facts;
  };

  std::function<void()> alarm_;
  std::vector<Seen> seen_;
};

}  // namespace hfauth::daemon
