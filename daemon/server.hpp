// SPDX-License-Identifier: Apache-2.0
//
// The loop: one thread with an io_context, one worker thread for the store. Owns the connections,
// the timers and the signals; ends on SIGTERM, SIGINT, Shutdown or idleness, after what is under
// way was answered.
#pragma once

#include "config_keeper.hpp"
#include "hfauth/agent/audit_log.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/result.hpp"
#include "store_queue.hpp"
#include "token_service.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::daemon {

struct ServerConfig {
  std::filesystem::path socket_path;
  std::vector<int> activation_sockets;  ///< empty: the server makes its own
  std::optional<int> ready_fd;          ///< gets "READY\n" once the agent listens
  std::optional<std::chrono::seconds>
      idle_exit;                    ///< ends after this long without connection, lease and work
  ConfigKeeper::Files rules;        ///< the configuration file and its copy
  agent::AuditFiles audit;          ///< where the audit is written
  std::function<void()> on_ending;  ///< called once, before the socket is taken away
  std::string version;
  std::optional<std::string> askpass{};  ///< the program of SSH_ASKPASS
};

class Server {
 public:
  Server(ServerConfig config, const Clock& clock);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// For the service: starts hfauth-net. Empty if the sockets came from a service manager.
  [[nodiscard]] RefreshStarter refresh_starter();

  /// Where the service's store operations run; lives as long as the server.
  [[nodiscard]] Worker& worker();

  /// Listens and serves until told to end. Leases are closed and the socket removed when it
  /// returns. Errors: as listen_on().
  [[nodiscard]] Result<void> run(TokenService& service);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace hfauth::daemon
