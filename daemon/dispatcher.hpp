// SPDX-License-Identifier: Apache-2.0
//
// From a call to the bytes of its replies: each method of the interface is one function
// (method_runner.hpp) that asks the gate, then the service, notes what came of it, and writes the
// answer into guarded memory. Lives on the loop.
#pragma once

#include "audit_trail.hpp"
#include "change_feed.hpp"
#include "gate.hpp"
#include "hfauth/agent/protocol.hpp"
#include "peer_program.hpp"
#include "token_service.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hfauth::daemon {

/// Who asks: a connection, as far as a method has to do with it. Held by what is done for it.
class Client {
 public:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  virtual ~Client() = default;

  /// The last message of a call, whole (or "" for a call without reply); called once. The view ends
  /// with the call.
  virtual void reply(std::string_view message) = 0;

  /// A message before the last one. False: it is not taken, and no other will be.
  [[nodiscard]] virtual bool interim(std::string_view message) = 0;

  /// Calls `then` once, later or at once, when the peer has taken all that was sent to it.
  virtual void when_taken(std::function<void()> then) = 0;

  /// Names the connection, for what ends with it.
  [[nodiscard]] virtual Caller caller() const = 0;

  /// The program at the other end; nullptr: nothing is known of it.
  [[nodiscard]] virtual PeerProgram* program() = 0;

  /// What was noted last for this connection, so that the same again is only counted.
  struct Noted {
    AuditTrail::Ticket ticket{};
    std::string profile{};
    std::uint64_t generation = 0;
    agent::Purpose purpose{};
    std::string rule{};
  };

  Noted noted{};
};

/// What the process knows about itself; asked anew for each Status.
struct ProcessFacts {
  std::string version;
  int pid = 0;
  std::chrono::seconds uptime{0};
  int connections = 0;
  std::string activation;
  std::string config = "none";
  std::optional<WallTime> locks_at{};
};

class Dispatcher {
 public:
  /// `shut_down` closes the leases and begins the end; the call that asked for it is still
  /// answered.
  Dispatcher(TokenService& service, AuditTrail& audit, const Clock& clock,
             std::function<ProcessFacts()> process, std::function<void()> shut_down);

  void handle(agent::Call call, std::shared_ptr<Client> client);

  /// The connection is closed.
  void on_caller_gone(Caller caller);

  /// Tells the watchers what changed since it was last called.
  void observe();

  [[nodiscard]] Gate& gate() noexcept { return gate_; }

  /// As Lock, for a reason of the agent's own, which the audit tells.
  void lock_by_itself(std::string_view reason);

  struct Hooks {
    std::function<void()> before_call = [] {};
    std::function<void()> on_use = [] {};     ///< a token was given by GetToken
    std::function<void()> on_unlock = [] {};  ///< Unlock succeeded
  };

  void set_hooks(Hooks hooks) { hooks_ = std::move(hooks); }

 private:
  friend class Exchange;
  friend struct MethodRunner;

  [[nodiscard]] Picture picture() const;

  TokenService& service_;
  AuditTrail& audit_;
  const Clock& clock_;
  std::function<ProcessFacts()> process_;
  std::function<void()> shut_down_;
  Hooks hooks_;
  Gate gate_;
  ChangeFeed feed_;
  agent::GuardedBuffer buffer_;
};

}  // namespace hfauth::daemon
