// SPDX-License-Identifier: Apache-2.0
//
// How a program talks to hfauthd about rules, the past and the store: beside client.hpp, which is
// about tokens. Blocking, one connection, with deadlines. Not thread-safe; one object a thread.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/agent/journal.hpp"
#include "hfauth/agent/routing.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::agent {

/// Before what is wrong with the configuration file: no rules are known, and no token is given
/// until it is mended.
inline constexpr std::string_view kClosed = "closed: ";

/// What Status tells of the rules; empty texts from an agent that has none yet.
struct AgentRules {
  std::string config{};  ///< "ok", "none", what is wrong with the file, or that after kClosed
  std::string audit{};   ///< "ok", "off", or why it cannot be written
  std::optional<WallTime> locks_at{};  ///< by itself, if nobody asks for a token until then
};

/// What moving the tokens to another store did.
struct Migration {
  int moved = 0;
  int left = 0;  ///< could not be removed from the old store
};

class RulesClient {
 public:
  /// As AgentClient::connect().
  [[nodiscard]] static Result<RulesClient> connect(const Environment& environment,
                                                   const UserPaths& paths, Spawn spawn);

  RulesClient(RulesClient&&) noexcept;
  RulesClient& operator=(RulesClient&&) noexcept;
  RulesClient(const RulesClient&) = delete;
  RulesClient& operator=(const RulesClient&) = delete;
  ~RulesClient();

  /// As AgentClient::get_token(), for a repository: the routes choose if no profile is named, and
  /// the policy is told.
  [[nodiscard]] Result<TokenAnswer> get_token(const std::optional<token::ProfileName>& profile,
                                              const std::optional<token::Endpoint>& endpoint,
                                              const Purpose& purpose);
  /// What get_token() would give, and why.
  [[nodiscard]] Result<WhichAnswer> which(const std::optional<token::ProfileName>& profile,
                                          const std::optional<token::Endpoint>& endpoint,
                                          const Purpose& purpose);

  /// The configuration file's first.
  [[nodiscard]] Result<std::vector<Route>> routes();
  /// Without a profile the route is forgotten. Errors: not_found (no such profile, no such route),
  /// denied (it stands in the configuration file), busy.
  [[nodiscard]] Result<void> set_route(const RoutePattern& pattern,
                                       const std::optional<token::ProfileName>& profile);

  [[nodiscard]] Result<AgentRules> rules();

  /// Calls `take` with what was asked of the agent since a time, oldest first, in pieces; with
  /// `follow` also with what comes then, until `take` says false or the agent ends. The client is
  /// of no use afterwards. Errors: agent_unreachable (the end of the agent), busy (`take` took too
  /// long).
  [[nodiscard]] Result<void> audit(std::optional<WallTime> since, bool follow,
                                   const std::function<bool(const std::vector<AuditEntry>&)>& take);

  /// Calls `take` with the present state and then with every change, until it says false. As
  /// audit().
  [[nodiscard]] Result<void> watch(const std::function<bool(const Event&)>& take);

  /// Errors besides: denied (`current` is another one), unsupported (the store is no vault),
  /// invalid_input (not UTF-8).
  [[nodiscard]] Result<void> set_passphrase(const Secret& current, const Secret& wanted);
  /// Moves all tokens to "secret-service" or "vault". Errors: usage (no such store, or it is that
  /// one), store_*: then the old store holds as before.
  [[nodiscard]] Result<Migration> migrate(std::string_view to);

 private:
  explicit RulesClient(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace hfauth::agent
