// SPDX-License-Identifier: Apache-2.0
#include "hfauth/agent/rules_client.hpp"

#include "asking.hpp"

namespace hfauth::agent {

RulesClient::RulesClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

RulesClient::RulesClient(RulesClient&&) noexcept = default;
RulesClient& RulesClient::operator=(RulesClient&&) noexcept = default;
RulesClient::~RulesClient() = default;

Result<RulesClient> RulesClient::connect(const Environment& environment, const UserPaths& paths,
                                         Spawn spawn) {
  Result<Connection> connection = Connection::open(environment, paths, spawn, kStartersLockWait);
  if (!connection) return connection.error();
  return RulesClient(std::make_unique<Connection>(std::move(*connection)));
}

Result<TokenAnswer> RulesClient::get_token(const std::optional<token::ProfileName>& profile,
                                           const std::optional<token::Endpoint>& endpoint,
                                           const Purpose& purpose) {
  return ask(*connection_,
             call::GetToken{.profile = profile, .endpoint = endpoint, .purpose = purpose},
             kReadTimeout, Again::always, read_token_reply, kConfirmTimeout);
}

Result<WhichAnswer> RulesClient::which(const std::optional<token::ProfileName>& profile,
                                       const std::optional<token::Endpoint>& endpoint,
                                       const Purpose& purpose) {
  return ask(
      *connection_,
      call::Which{call::GetToken{.profile = profile, .endpoint = endpoint, .purpose = purpose}},
      kReadTimeout, Again::always, read_which_reply);
}

Result<std::vector<Route>> RulesClient::routes() {
  return ask(*connection_, call::List{}, kReadTimeout, Again::always, read_routes_reply);
}

Result<void> RulesClient::set_route(const RoutePattern& pattern,
                                    const std::optional<token::ProfileName>& profile) {
  return ask(*connection_, call::SetRoute{.pattern = pattern, .profile = profile}, kStoreTimeout,
             profile ? Again::always : Again::if_unread, read_empty_reply);
}

Result<AgentRules> RulesClient::rules() {
  return ask(*connection_, call::Status{}, kReadTimeout, Again::always, read_rules_reply);
}

Result<void> RulesClient::audit(std::optional<WallTime> since, bool follow,
                                const std::function<bool(const std::vector<AuditEntry>&)>& take) {
  GuardedBuffer message;
  write_call(message, call::Audit{.since = since, .follow = follow}, true);
  return connection_->stream(message, kStoreTimeout, [&](std::string_view reply) -> Result<bool> {
    const Result<std::vector<AuditEntry>> entries = read_audit_reply(reply);
    if (!entries) return entries.error();
    return take(*entries);
  });
}

Result<void> RulesClient::watch(const std::function<bool(const Event&)>& take) {
  GuardedBuffer message;
  write_call(message, call::Watch{}, true);
  return connection_->stream(message, kReadTimeout, [&](std::string_view reply) -> Result<bool> {
    const Result<Event> event = read_event_reply(reply);
    if (!event) return event.error();
    return take(*event);
  });
}

Result<void> RulesClient::set_passphrase(const Secret& current, const Secret& wanted) {
  for (const Secret* passphrase : {&current, &wanted}) {
    if (Result<void> fit = check_passphrase(*passphrase); !fit) return fit;
  }
  return ask(*connection_,
             call::SetPassphrase{.current = current.clone(), .wanted = wanted.clone()},
             kStoreTimeout, Again::if_unread, read_empty_reply);
}

Result<Migration> RulesClient::migrate(std::string_view to) {
  // A store reads and writes each of up to 128 tokens.
  constexpr std::chrono::seconds kPatience{300};
  return ask(*connection_, call::Migrate{std::string(to)}, kPatience, Again::if_unread,
             read_migrate_reply);
}

}  // namespace hfauth::agent
