// SPDX-License-Identifier: Apache-2.0
//
// A connection that was handed on counts for the process that made it.
#include "peer.hpp"

#include "hfauth/core/paths.hpp"
#include "limits.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <filesystem>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;

Result<Peer> peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return error_from_errno(errno, "the peer's identity");
  }
  return Peer{.pid = credentials.pid, .uid = credentials.uid};
}

namespace {

bool is_command_line(const std::filesystem::path& program, const std::filesystem::path& folder) {
  return program == folder / "hfauth" ||
         program == folder.parent_path() / "libexec/hfauth/hfauth-cli";
}

}  // namespace

bool is_own_program(const std::filesystem::path& program) {
  const Result<std::filesystem::path> folder = program_directory();
  return folder && (is_command_line(program, *folder) || program == *folder / "hfauth-net");
}

bool is_own_command_line(pid_t pid) {
  const Result<std::filesystem::path> folder = program_directory();
  if (!folder) return false;
  std::error_code unseen;
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", unseen);
  return !unseen && is_command_line(program, *folder);
}

std::optional<Fault> Admission::admit(const Peer& peer) {
  if (peer.uid != own_uid_) {
    return Fault{.code = FaultCode::denied,
                 .text = "this agent serves user " + std::to_string(own_uid_) + " only"};
  }
  const auto found = by_process_.find(peer.pid);
  if (found != by_process_.end() && found->second >= kMaxPerProcess) {
    return Fault{.code = FaultCode::busy,
                 .text = "process " + std::to_string(peer.pid) + " has " +
                         std::to_string(kMaxPerProcess) + " connections already"};
  }
  const bool reserved = count_ >= kMaxConnections - kReservedForOwner;
  if (count_ >= kMaxConnections || (reserved && !is_owner_program_(peer.pid))) {
    return Fault{.code = FaultCode::busy,
                 .text = "the agent has " + std::to_string(count_) + " connections already"};
  }
  ++by_process_[peer.pid];
  ++count_;
  return std::nullopt;
}

void Admission::leave(const Peer& peer) {
  const auto found = by_process_.find(peer.pid);
  if (found == by_process_.end()) return;
  if (--found->second == 0) by_process_.erase(found);
  --count_;
}

}  // namespace hfauth::daemon
