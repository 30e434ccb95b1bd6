// SPDX-License-Identifier: Apache-2.0
//
// Who is at the other end, and who may stay. The uid decides (SO_PEERCRED: the kernel's word at the
// time of connect); process and program decide only how many connections there may be, because a
// program of the same user can pretend.
#pragma once

#include "hfauth/agent/protocol.hpp"
#include "hfauth/core/result.hpp"

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <unordered_map>

namespace hfauth::daemon {

struct Peer {
  pid_t pid = 0;
  uid_t uid = 0;
};

/// Errors: io.
[[nodiscard]] Result<Peer> peer_of(int socket);

/// Whether an executable is hfauth or hfauth-net beside this program.
[[nodiscard]] bool is_own_program(const std::filesystem::path& program);

/// Whether the process runs the hfauth beside this program. False if that cannot be seen.
[[nodiscard]] bool is_own_command_line(pid_t pid);

/// Counts connections against the limits of limits.hpp.
class Admission {
 public:
  Admission(uid_t own_uid, std::function<bool(pid_t)> is_owner_program)
      : own_uid_(own_uid), is_owner_program_(std::move(is_owner_program)) {}

  /// nullopt: counted in, leave() must follow. Faults: denied (another user, root too unless we are
  /// root), busy.
  [[nodiscard]] std::optional<agent::Fault> admit(const Peer& peer);
  void leave(const Peer& peer);

  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  uid_t own_uid_;
  std::function<bool(pid_t)> is_owner_program_;
  std::unordered_map<pid_t, std::size_t> by_process_;
  std::size_t count_ = 0;
};

}  // namespace hfauth::daemon
