// SPDX-License-Identifier: Apache-2.0
//
// All are forgotten together: none is kept for longer than the first, and an agent that nobody asks
// holds no descriptor.
#include "seen_programs.hpp"

#include "program_look.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::daemon {

ProgramFacts SeenPrograms::of_peer(int socket, pid_t pid) {
  const auto kept =
      std::find_if(seen_.begin(), seen_.end(), [pid](const Seen& seen) { return seen.pid == pid; });
  if (kept != seen_.end()) {
    if (process_lives(kept->process.get())) return kept->facts;
    seen_.erase(kept);
  }
  UniqueFd process = open_peer_process(socket, pid);
  ProgramFacts facts = look_at_program(process.get(), pid);
  if (!facts.known || seen_.size() >= kMost) return facts;
  if (seen_.empty()) alarm_();
  seen_.push_back({.pid = pid, .process = std::move(process), .facts = facts});
  return facts;
}

}  // namespace hfauth::daemon
