// SPDX-License-Identifier: Apache-2.0
//
// One Unix socket to the agent with deadlines: poll(2) and non-blocking calls, no event loop.
// Private to lib/agent.
#pragma once

#include "hfauth/agent/frame.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

namespace hfauth::agent {

using Deadline = std::chrono::steady_clock::time_point;

/// A full queue means a storm of clients; it drains in milliseconds or the agent is stuck.
inline constexpr std::chrono::milliseconds kConnectTimeout{1000};

/// Connects and checks that the other end is ours: the socket, its folder, and the process behind
/// it have our uid, and nobody else can write the folder. Blocks up to `patience` while the agent's
/// queue is full. Errors: not_found (nothing listens there: no file, or a stale one), denied
/// (foreign or unsafe), permission, timeout, too_large (the path does not fit into a socket
/// address), io.
[[nodiscard]] Result<UniqueFd> connect_to(const std::filesystem::path& socket_path,
                                          std::chrono::milliseconds patience = kConnectTimeout);

/// Errors: agent_unreachable (closed by the agent), timeout, io. After agent_unreachable a last
/// reply of the agent may still be there to be received: the reason why it closed.
[[nodiscard]] Result<void> send_all(int socket, std::string_view bytes, Deadline deadline);

/// Waits until `reader` has a whole message. nullopt: the agent ended before it had read all that
/// was sent. Errors: agent_unreachable (it had read all of it), timeout, too_large, io.
[[nodiscard]] Result<std::optional<std::string_view>> receive_message(int socket,
                                                                      FrameReader& reader,
                                                                      Deadline deadline);

}  // namespace hfauth::agent
