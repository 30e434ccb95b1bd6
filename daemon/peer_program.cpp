// SPDX-License-Identifier: Apache-2.0
#include "peer_program.hpp"

#include "program_look.hpp"

namespace hfauth::daemon {

ProgramFacts PeerProgram::look() const {
  if (socket_ < 0) return {};
  return look_at_program(open_peer_process(socket_, pid_).get(), pid_);
}

const ProgramFacts& PeerProgram::seen() {
  if (!seen_) seen_ = socket_ < 0 ? ProgramFacts() : recent_.of_peer(socket_, pid_);
  return *seen_;
}

}  // namespace hfauth::daemon
