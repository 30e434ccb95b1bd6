// SPDX-License-Identifier: Apache-2.0
//
// The client's one connection, and how it is made anew: an agent may end (kill -9, an upgrade, a
// crash) in the very instant in which it is asked. A call that it surely did not get is given to
// the next agent, and so is one that does no harm twice. Not thread-safe. Private to lib/agent.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/agent/frame.hpp"
#include "hfauth/agent/guarded_buffer.hpp"
#include "hfauth/core/environment.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/core/result.hpp"

#include <chrono>
#include <functional>
#include <string_view>

namespace hfauth::agent {

/// Which calls may be made once more, when the connection ended without an answer.
enum class Again {
  never,      ///< it belongs to this agent or to this connection
  if_unread,  ///< only if the agent surely did not get it
  always,     ///< doing it twice is the same as once
};

class Connection {
 public:
  /// See AgentClient::connect().
  [[nodiscard]] static Result<Connection> open(const Environment& environment,
                                               const UserPaths& paths, Spawn spawn,
                                               std::chrono::milliseconds lock_wait);

  /// Sends `request` and reads the reply into `reader`, where it lives. After a failure the
  /// connection is closed: the reply that was not read would be taken for that of the next call.
  /// Errors: agent_unreachable, timeout, too_large, io; those of open() if it was made anew.
  /// With `longer` an agent that is late, and is seen to be alive by another connection, is waited
  /// for that much longer: a person may be thinking.
  [[nodiscard]] Result<std::string_view> ask(const GuardedBuffer& request,
                                             std::chrono::milliseconds timeout, Again again,
                                             FrameReader& reader,
                                             std::chrono::milliseconds longer = {});

  /// Sends `request` and calls `take` with each reply as it comes, until it says false or no reply
  /// follows. `patience` is for the first one; those behind it may take any time. The connection is
  /// closed then. Errors: agent_unreachable, timeout, too_large, io; what `take` gives.
  [[nodiscard]] Result<void> stream(const GuardedBuffer& request,
                                    std::chrono::milliseconds patience,
                                    const std::function<Result<bool>(std::string_view)>& take);

 private:
  Connection(UniqueFd socket, const Environment& environment, UserPaths paths, Spawn spawn,
             std::chrono::milliseconds lock_wait);

  UniqueFd socket_;
  Environment environment_;  ///< what the agent may know of it, so no token lies here
  UserPaths paths_;
  Spawn spawn_;
  std::chrono::milliseconds lock_wait_;
};

/// One exchange over `socket` without a second try. nullopt: the agent ended before it had read the
/// whole request, so nothing was done. Errors: as of ask(); agent_unreachable: it had read it.
[[nodiscard]] Result<std::optional<std::string_view>> exchange_once(
    int socket, const GuardedBuffer& request, std::chrono::milliseconds timeout,
    FrameReader& reader);

[[nodiscard]] Error nobody_listens(const std::filesystem::path& socket_path,
                                   const UserPaths& paths);

}  // namespace hfauth::agent
