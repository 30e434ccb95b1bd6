// SPDX-License-Identifier: Apache-2.0
//
// From a call to the bytes of its reply: each method of the interface is one function here that
// asks the service and writes the answer into guarded memory. Lives on the loop.
#pragma once

#include "hfauth/agent/protocol.hpp"
#include "token_service.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace hfauth::daemon {

/// Called once with one whole message (or "" for a call without reply); the view ends with the
/// call.
using Reply = std::function<void(std::string_view message)>;

/// What the process knows about itself; asked anew for each Status.
struct ProcessFacts {
  std::string version;
  int pid = 0;
  std::chrono::seconds uptime{0};
  int connections = 0;
  std::string activation;
};

class Dispatcher {
 public:
  /// `shut_down` closes the leases and begins the end; the call that asked for it is still
  /// answered.
  Dispatcher(TokenService& service, std::function<ProcessFacts()> process,
             std::function<void()> shut_down)
      : service_(service), process_(std::move(process)), shut_down_(std::move(shut_down)) {}

  /// `caller` names the connection, for what ends with it.
  void handle(agent::Call call, Reply reply, Caller caller = 0);

  /// The connection is closed.
  void on_caller_gone(Caller caller) { service_.on_caller_gone(caller); }

 private:
  friend struct MethodRunner;

  /// Writes one message by `write` and hands it out; the buffer is kept for the next one, wiped.
  template <class Write>
  void send(const Reply& reply, const Write& write);
  void send_fault(const Reply& reply, const agent::Fault& fault);

  TokenService& service_;
  std::function<ProcessFacts()> process_;
  std::function<void()> shut_down_;
  agent::GuardedBuffer buffer_;
};

}  // namespace hfauth::daemon
