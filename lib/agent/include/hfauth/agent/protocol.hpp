// SPDX-License-Identifier: Apache-2.0
//
// The messages of org.hfauth.Agent and org.varlink.service as values, and the only place where they
// are turned into JSON and back (the interface is lib/agent/org.hfauth.Agent.varlink, the
// convention https://varlink.org). Rules: an unknown parameter of a call is refused, because a
// client that asks for something must not be ignored; unknown members beside "method" and unknown
// members of replies are passed over, so that both sides may grow. Pure functions; thread-safe.
// What holds a token is read from and written to guarded memory only.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/agent/guarded_buffer.hpp"
#include "hfauth/agent/journal.hpp"
#include "hfauth/agent/routing.hpp"
#include "hfauth/agent/rules_client.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/token/token_record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hfauth::agent {

/// The interface's text, as it is served by GetInterfaceDescription.
[[nodiscard]] std::string_view interface_description() noexcept;
/// The text of org.varlink.service, which every service has.
[[nodiscard]] std::string_view service_description() noexcept;

inline constexpr std::string_view kInterface = "org.hfauth.Agent";
inline constexpr std::string_view kServiceInterface = "org.varlink.service";

/// A token longer than this is none: the longest known (OAuth JWT) has less than 2 KiB.
inline constexpr std::size_t kMaxTokenBytes = 8192;

namespace call {

struct GetInfo {};

struct GetInterfaceDescription {
  std::string interface;
};

struct GetToken {
  std::optional<token::ProfileName> profile;
  std::optional<token::Endpoint> endpoint;
  Purpose purpose{};
};

/// As GetToken, for the explanation alone.
struct Which {
  GetToken question;
};

struct List {};

struct Add {
  token::TokenRecord record;
  bool replace = false;
  bool make_default = false;
};

struct Remove {
  token::ProfileName profile;
};

struct SetDefault {
  token::ProfileName profile;
};

/// Without a profile the route with this pattern is forgotten.
struct SetRoute {
  RoutePattern pattern;
  std::optional<token::ProfileName> profile;
};

struct Lock {};

struct Unlock {
  Secret passphrase;
};

/// `wanted` empty: a key file.
struct SetPassphrase {
  Secret current;
  Secret wanted;
};

struct Migrate {
  std::string to;  ///< "secret-service", "vault"
};

struct Status {};

struct OpenLease {
  std::optional<token::ProfileName> profile;
  std::optional<std::chrono::seconds> lifetime;
};

struct CloseLease {
  std::optional<token::ProfileName> profile;
};

struct BeginRefresh {
  token::ProfileName profile;
  bool force = false;
};

struct FinishRefresh {
  token::ProfileName profile;
  std::uint64_t generation = 0;
  Secret token;
  Secret refresh;  ///< empty: the old one stays
  std::optional<WallTime> expires;
};

struct AbandonRefresh {
  token::ProfileName profile;
  std::uint64_t generation = 0;
  bool login_again = false;
};

struct Audit {
  std::optional<WallTime> since;
  bool follow = false;
};

struct Watch {};

struct Shutdown {};

}  // namespace call

using Request =
    std::variant<call::GetInfo, call::GetInterfaceDescription, call::GetToken, call::Which,
                 call::List, call::Add, call::Remove, call::SetDefault, call::SetRoute, call::Lock,
                 call::Unlock, call::SetPassphrase, call::Migrate, call::Status, call::OpenLease,
                 call::CloseLease, call::BeginRefresh, call::FinishRefresh, call::AbandonRefresh,
                 call::Audit, call::Watch, call::Shutdown>;

struct Call {
  Request request;
  bool oneway = false;  ///< the caller wants no reply, not even an error
  bool more = false;    ///< the caller takes several replies
};

/// Every error that a reply can carry; the names on the wire are the table in fault.cpp.
enum class FaultCode : std::uint8_t {
  locked,
  not_found,
  denied,
  expired,
  ambiguous,
  store_unavailable,
  store_timeout,
  busy,
  conflict,
  not_due,
  too_large,
  timeout,
  malformed,
  internal,
  interface_not_found,
  method_not_found,
  method_not_implemented,
  invalid_parameter,
};

struct Fault {
  FaultCode code = FaultCode::internal;
  std::string text{};  ///< the first parameter: what, reason, profile, method ...; without a secret
  std::string more{};  ///< the second one: expired's date, store_unavailable's cause, denied's rule
  std::vector<std::string> list{};  ///< ambiguous: the candidates
  std::int64_t number = 0;          ///< too_large: the limit

  friend bool operator==(const Fault&, const Fault&) = default;
};

[[nodiscard]] std::string_view name_of(FaultCode code) noexcept;  ///< "org.hfauth.Agent.Locked"
[[nodiscard]] std::string_view short_name_of(FaultCode code) noexcept;  ///< "Locked"
[[nodiscard]] std::optional<FaultCode> fault_from_name(std::string_view name) noexcept;

/// What a program says of a fault, and the reverse: what the agent answers when an operation
/// failed.
[[nodiscard]] Error error_from(const Fault& fault);
[[nodiscard]] Fault fault_from(const Error& error);
/// As fault_from(), for the error of a store: its `denied` (a key file that others can read) says
/// that the store cannot be used, not that the client may not ask.
[[nodiscard]] Fault fault_from_store(Error error);

/// What a client learns about the service itself.
struct ServiceInfo {
  std::string vendor;
  std::string product;
  std::string version;
  std::string url;
  std::vector<std::string> interfaces;
};

/// Either a call or what to answer to something that is none. `oneway` of a call that is refused
/// counts too.
struct DecodedCall {
  std::variant<Call, Fault> content;
  bool oneway = false;
  bool malformed = false;  ///< not a Varlink message: the connection cannot be trusted any more
};

/// Reads one message (without its NUL).
[[nodiscard]] DecodedCall decode_call(std::string_view message);

/// Each appends one whole message with its NUL.
void write_call(GuardedBuffer& out, const Request& request, bool more = false);
/// As write_call() of an Add, without a second copy of the record.
void write_add_call(GuardedBuffer& out, const token::TokenRecord& record, bool replace,
                    bool make_default);
void write_fault(GuardedBuffer& out, const Fault& fault);
void write_empty_reply(GuardedBuffer& out);
void write_token_reply(GuardedBuffer& out, std::string_view token, const StoredProfile& profile);
/// `record` with both of its secrets; `profile` tells the same facts as the other replies.
void write_refresh_reply(GuardedBuffer& out, const token::TokenRecord& record,
                         const StoredProfile& profile);
void write_records_reply(GuardedBuffer& out, const std::vector<StoredProfile>& profiles,
                         const std::vector<Route>& routes);
void write_which_reply(GuardedBuffer& out, const WhichAnswer& answer);
/// `continues`: further replies to the same call come.
void write_audit_reply(GuardedBuffer& out, const std::vector<AuditEntry>& entries, bool continues);
void write_migrate_reply(GuardedBuffer& out, const Migration& migration);
void write_event_reply(GuardedBuffer& out, const Event& event, bool continues);
void write_record_reply(GuardedBuffer& out, const StoredProfile& profile);
void write_lease_reply(GuardedBuffer& out, const Lease& lease);
void write_status_reply(GuardedBuffer& out, const AgentStatus& status, const AgentRules& rules);
void write_info_reply(GuardedBuffer& out, const ServiceInfo& info);
void write_description_reply(GuardedBuffer& out, std::string_view description);

/// Each reads one reply. Errors: what error_from() makes of the fault in it; corrupt if it is no
/// such reply.
[[nodiscard]] Result<void> read_empty_reply(std::string_view message);
[[nodiscard]] Result<TokenAnswer> read_token_reply(std::string_view message);
[[nodiscard]] Result<std::vector<StoredProfile>> read_records_reply(std::string_view message);
[[nodiscard]] Result<StoredProfile> read_record_reply(std::string_view message);
/// nullopt: the token is not due.
[[nodiscard]] Result<std::optional<RefreshClaim>> read_refresh_reply(std::string_view message);
[[nodiscard]] Result<Lease> read_lease_reply(std::string_view message);
[[nodiscard]] Result<AgentStatus> read_status_reply(std::string_view message);
/// The other half of what Status gives.
[[nodiscard]] Result<AgentRules> read_rules_reply(std::string_view message);
/// The other half of what List gives; none from an agent that has no routes yet.
[[nodiscard]] Result<std::vector<Route>> read_routes_reply(std::string_view message);
[[nodiscard]] Result<WhichAnswer> read_which_reply(std::string_view message);
[[nodiscard]] Result<std::vector<AuditEntry>> read_audit_reply(std::string_view message);
[[nodiscard]] Result<Migration> read_migrate_reply(std::string_view message);
[[nodiscard]] Result<Event> read_event_reply(std::string_view message);
/// Whether another reply to the same call follows this one.
[[nodiscard]] bool continues(std::string_view message);

}  // namespace hfauth::agent
