// SPDX-License-Identifier: Apache-2.0
//
// Replies: values to JSON and back. Unknown members are passed over, so that an older program reads
// a newer agent.
#include "hfauth/agent/frame.hpp"
#include "messages.hpp"
#include "parameters.hpp"
#include "routing_messages.hpp"

namespace hfauth::agent {
namespace {

template <class WriteParameters>
void write_reply(GuardedBuffer& out, const WriteParameters& write_parameters,
                 bool continues = false) {
  JsonWriter json(out);
  json.begin_object();
  json.key("parameters");
  json.begin_object();
  write_parameters(json);
  json.end_object();
  if (continues) json.member("continues", true);
  json.end_object();
  out.push_back('\0');
}

void write_profile(JsonWriter& json, const StoredProfile& profile) {
  json.begin_object();
  write_facts(json, profile.facts);
  json.member("generation", profile.facts.generation);
  json.member("mask", std::string_view(profile.mask));
  json.member("fingerprint", std::string_view(profile.fingerprint));
  json.member("is_default", profile.is_default);
  json.member("refreshable", profile.refreshable);
  json.member("login_again", profile.facts.login_again);
  json.end_object();
}

void write_lease(JsonWriter& json, const Lease& lease) {
  json.begin_object();
  json.member("profile", std::string_view(lease.profile));
  json.member("path", std::string_view(lease.path.native()));
  write_time(json, "expires", lease.expires);
  json.end_object();
}

std::optional<StoredProfile> read_profile(const std::optional<JsonValue>& value) {
  Parameters in(value);
  std::optional<token::TokenFacts> facts = read_facts(in);
  const std::int64_t generation = in.integer("generation");
  std::string mask = in.text("mask");
  std::string fingerprint = in.text("fingerprint");
  const bool is_default = in.flag("is_default");
  const bool refreshable = in.optional_flag("refreshable");
  const bool login_again = in.optional_flag("login_again");
  if (!in.ok() || !facts || generation < 0) return std::nullopt;
  facts->generation = static_cast<std::uint64_t>(generation);
  facts->login_again = login_again;
  return StoredProfile{.facts = std::move(*facts),
                       .mask = std::move(mask),
                       .fingerprint = std::move(fingerprint),
                       .is_default = is_default,
                       .refreshable = refreshable};
}

std::optional<Lease> read_lease(const std::optional<JsonValue>& value) {
  Parameters in(value);
  std::string profile = in.text("profile");
  std::string path = in.text("path");
  const std::optional<WallTime> expires = in.optional_time("expires");
  if (!in.ok()) return std::nullopt;
  return Lease{.profile = std::move(profile), .path = std::move(path), .expires = expires};
}

Error corrupt(std::string_view why) {
  return {Errc::corrupt, "the agent's reply makes no sense (" + std::string(why) +
                             "); it may be of another version than this program: restart it"};
}

/// The document of a reply that is no fault; the fault's code goes to `fault_code` if somebody asks
/// for it.
Result<JsonDocument> open_reply(std::string_view message,
                                std::optional<FaultCode>* fault_code = nullptr) {
  Result<JsonDocument> document = JsonDocument::parse(message, kMaxNesting);
  if (!document) return corrupt(document.error().detail);
  const JsonValue root = document->root();
  if (!root.is(JsonKind::object)) return corrupt("no object");
  const std::optional<JsonValue> error = root.member("error");
  if (!error) return document;
  const std::optional<std::string> name = error->text();
  const std::optional<FaultCode> code = name ? fault_from_name(*name) : std::nullopt;
  if (!code) return corrupt("an error without a known name");
  if (fault_code != nullptr) *fault_code = code;
  return error_from(read_fault(*code, root.member("parameters")));
}

/// Reads the parameters of a reply with `read`, which gives nullopt for what is none.
template <class Value, class Read>
Result<Value> read_reply(std::string_view message, const Read& read) {
  const Result<JsonDocument> document = open_reply(message);
  if (!document) return document.error();
  Parameters in(document->root().member("parameters"));
  std::optional<Value> value = read(in);
  if (!in.ok()) return corrupt(in.wrong());
  if (!value) return corrupt("a record");
  return std::move(*value);
}

template <class Element, class Read>
std::optional<std::vector<Element>> read_all(const std::vector<JsonValue>& values,
                                             const Read& read) {
  std::vector<Element> all;
  for (const JsonValue& value : values) {
    std::optional<Element> element = read(value);
    if (!element) return std::nullopt;
    all.push_back(std::move(*element));
  }
  return all;
}

std::optional<Refusal> read_refusal(const JsonValue& value) {
  Parameters in(value);
  Refusal refusal{.store = in.text("store"), .reason = in.text("reason")};
  if (!in.ok()) return std::nullopt;
  return refusal;
}

std::optional<AgentStatus> read_status(Parameters& in) {
  AgentStatus status;
  status.version = in.text("version");
  status.pid = static_cast<int>(in.integer("pid"));
  status.uptime = std::chrono::seconds(in.integer("uptime_seconds"));
  status.locked = in.flag("locked");
  status.store = in.text("store");
  status.store_place = in.text("store_place");
  status.store_protection = in.text("store_protection");
  status.store_state = in.text("store_state");
  status.memory_protection = in.text("memory_protection");
  status.profiles = static_cast<int>(in.integer("profiles"));
  status.connections = static_cast<int>(in.integer("connections"));
  status.activation = in.text("activation");
  std::optional<std::vector<Refusal>> refusals =
      read_all<Refusal>(in.array("refusals"), read_refusal);
  std::optional<std::vector<Lease>> leases = read_all<Lease>(in.array("leases"), read_lease);
  if (!refusals || !leases) return std::nullopt;
  status.refusals = std::move(*refusals);
  status.leases = std::move(*leases);
  return status;
}

}  // namespace

void write_empty_reply(GuardedBuffer& out) {
  write_reply(out, [](JsonWriter& /*json*/) {});
}

void write_token_reply(GuardedBuffer& out, std::string_view token, const StoredProfile& profile) {
  write_reply(out, [&](JsonWriter& json) {
    json.member("token", token);
    json.key("record");
    write_profile(json, profile);
  });
}

void write_refresh_reply(GuardedBuffer& out, const token::TokenRecord& record,
                         const StoredProfile& profile) {
  write_reply(out, [&](JsonWriter& json) {
    json.member("token", record.token.expose());
    json.member("refresh", record.refresh.expose());
    json.key("record");
    write_profile(json, profile);
  });
}

void write_records_reply(GuardedBuffer& out, const std::vector<StoredProfile>& profiles,
                         const std::vector<Route>& routes) {
  write_reply(out, [&](JsonWriter& json) {
    json.key("records");
    json.begin_array();
    for (const StoredProfile& profile : profiles)
      write_profile(json, profile);
    json.end_array();
    json.key("routes");
    json.begin_array();
    for (const Route& route : routes)
      write_route(json, route);
    json.end_array();
  });
}

void write_which_reply(GuardedBuffer& out, const WhichAnswer& answer) {
  write_reply(out, [&](JsonWriter& json) {
    json.key("record");
    if (answer.profile) {
      write_profile(json, *answer.profile);
    } else {
      json.null();
    }
    json.member("fault", std::string_view(answer.fault));
    json.key("steps");
    json.begin_array();
    for (const Step& step : answer.steps)
      write_step(json, step);
    json.end_array();
    json.member("decision", std::string_view(answer.decision));
    json.member("decision_source", std::string_view(answer.rule));
  });
}

void write_audit_reply(GuardedBuffer& out, const std::vector<AuditEntry>& entries, bool continues) {
  write_reply(
      out,
      [&](JsonWriter& json) {
        json.key("entries");
        json.begin_array();
        for (const AuditEntry& entry : entries) {
          json.begin_object();
          write_audit_members(json, entry);
          json.end_object();
        }
        json.end_array();
      },
      continues);
}

void write_migrate_reply(GuardedBuffer& out, const Migration& migration) {
  write_reply(out, [&](JsonWriter& json) {
    json.member("moved", migration.moved);
    json.member("left", migration.left);
  });
}

void write_event_reply(GuardedBuffer& out, const Event& event, bool continues) {
  write_reply(
      out,
      [&](JsonWriter& json) {
        json.key("change");
        json.begin_object();
        json.member("event", std::string_view(event.event));
        json.member("time", std::string_view(format_utc(event.time)));
        json.member("profile", std::string_view(event.profile));
        json.member("detail", std::string_view(event.detail));
        json.end_object();
      },
      continues);
}

void write_record_reply(GuardedBuffer& out, const StoredProfile& profile) {
  write_reply(out, [&](JsonWriter& json) {
    json.key("record");
    write_profile(json, profile);
  });
}

void write_lease_reply(GuardedBuffer& out, const Lease& lease) {
  write_reply(out, [&](JsonWriter& json) {
    json.key("lease");
    write_lease(json, lease);
  });
}

void write_status_reply(GuardedBuffer& out, const AgentStatus& status, const AgentRules& rules) {
  write_reply(out, [&](JsonWriter& json) {
    json.member("version", std::string_view(status.version));
    json.member("pid", status.pid);
    json.member("uptime_seconds", std::int64_t{status.uptime.count()});
    json.member("locked", status.locked);
    json.member("store", std::string_view(status.store));
    json.member("store_place", std::string_view(status.store_place));
    json.member("store_protection", std::string_view(status.store_protection));
    json.member("store_state", std::string_view(status.store_state));
    json.key("refusals");
    json.begin_array();
    for (const Refusal& refusal : status.refusals) {
      json.begin_object();
      json.member("store", std::string_view(refusal.store));
      json.member("reason", std::string_view(refusal.reason));
      json.end_object();
    }
    json.end_array();
    json.member("memory_protection", std::string_view(status.memory_protection));
    json.member("profiles", status.profiles);
    json.member("connections", status.connections);
    json.key("leases");
    json.begin_array();
    for (const Lease& lease : status.leases)
      write_lease(json, lease);
    json.end_array();
    json.member("activation", std::string_view(status.activation));
    json.member("config", std::string_view(rules.config));
    json.member("audit", std::string_view(rules.audit));
    write_time(json, "locks_at", rules.locks_at);
  });
}

void write_info_reply(GuardedBuffer& out, const ServiceInfo& info) {
  write_reply(out, [&](JsonWriter& json) {
    json.member("vendor", std::string_view(info.vendor));
    json.member("product", std::string_view(info.product));
    json.member("version", std::string_view(info.version));
    json.member("url", std::string_view(info.url));
    json.key("interfaces");
    write_strings(json, info.interfaces);
  });
}

void write_description_reply(GuardedBuffer& out, std::string_view description) {
  write_reply(out, [&](JsonWriter& json) { json.member("description", description); });
}

Result<void> read_empty_reply(std::string_view message) {
  const Result<JsonDocument> document = open_reply(message);
  if (!document) return document.error();
  return {};
}

Result<TokenAnswer> read_token_reply(std::string_view message) {
  return read_reply<TokenAnswer>(message, [](Parameters& in) -> std::optional<TokenAnswer> {
    Secret token = in.secret("token");
    std::optional<StoredProfile> profile = read_profile(in.object("record"));
    if (!profile || token.empty()) return std::nullopt;
    return TokenAnswer{.token = std::move(token), .profile = std::move(*profile)};
  });
}

Result<std::optional<RefreshClaim>> read_refresh_reply(std::string_view message) {
  std::optional<FaultCode> fault;
  const Result<JsonDocument> document = open_reply(message, &fault);
  if (!document && fault == FaultCode::not_due) return std::optional<RefreshClaim>();
  if (!document) return document.error();
  Parameters in(document->root().member("parameters"));
  Secret token = in.secret("token");
  Secret refresh = in.secret("refresh");
  std::optional<StoredProfile> profile = read_profile(in.object("record"));
  if (!in.ok()) return corrupt(in.wrong());
  if (!profile || token.empty() || refresh.empty()) return corrupt("a record");
  return std::optional(RefreshClaim{
      .token = std::move(token), .refresh = std::move(refresh), .profile = std::move(*profile)});
}

Result<std::vector<StoredProfile>> read_records_reply(std::string_view message) {
  return read_reply<std::vector<StoredProfile>>(message, [](Parameters& in) {
    return read_all<StoredProfile>(in.array("records"), read_profile);
  });
}

Result<StoredProfile> read_record_reply(std::string_view message) {
  return read_reply<StoredProfile>(
      message, [](Parameters& in) { return read_profile(in.object("record")); });
}

Result<Lease> read_lease_reply(std::string_view message) {
  return read_reply<Lease>(message, [](Parameters& in) { return read_lease(in.object("lease")); });
}

Result<AgentStatus> read_status_reply(std::string_view message) {
  return read_reply<AgentStatus>(message, read_status);
}

Result<AgentRules> read_rules_reply(std::string_view message) {
  return read_reply<AgentRules>(message, [](Parameters& in) {
    return std::optional(AgentRules{.config = in.optional_text("config").value_or(""),
                                    .audit = in.optional_text("audit").value_or(""),
                                    .locks_at = in.optional_time("locks_at")});
  });
}

Result<std::vector<Route>> read_routes_reply(std::string_view message) {
  return read_reply<std::vector<Route>>(
      message, [](Parameters& in) -> std::optional<std::vector<Route>> {
        const std::optional<std::vector<JsonValue>> routes = in.optional_array("routes");
        if (!routes) return std::vector<Route>();
        return read_all<Route>(*routes, read_route);
      });
}

Result<WhichAnswer> read_which_reply(std::string_view message) {
  return read_reply<WhichAnswer>(message, [](Parameters& in) -> std::optional<WhichAnswer> {
    WhichAnswer answer;
    if (const std::optional<JsonValue> record = in.optional_object("record")) {
      answer.profile = read_profile(record);
      if (!answer.profile) return std::nullopt;
    }
    answer.fault = in.text("fault");
    std::optional<std::vector<Step>> steps = read_all<Step>(in.array("steps"), read_step);
    answer.decision = in.text("decision");
    answer.rule = in.text("decision_source");
    if (!steps) return std::nullopt;
    answer.steps = std::move(*steps);
    return answer;
  });
}

Result<std::vector<AuditEntry>> read_audit_reply(std::string_view message) {
  return read_reply<std::vector<AuditEntry>>(message, [](Parameters& in) {
    return read_all<AuditEntry>(in.array("entries"), [](const JsonValue& value) {
      Parameters entry(value);
      return read_audit_entry(entry);
    });
  });
}

Result<Migration> read_migrate_reply(std::string_view message) {
  return read_reply<Migration>(message, [](Parameters& in) {
    return std::optional(Migration{.moved = static_cast<int>(in.integer("moved")),
                                   .left = static_cast<int>(in.integer("left"))});
  });
}

Result<Event> read_event_reply(std::string_view message) {
  return read_reply<Event>(message, [](Parameters& in) -> std::optional<Event> {
    Parameters change(in.object("change"));
    Event event{.event = change.text("event")};
    const std::optional<WallTime> time = change.optional_time("time");
    event.profile = change.text("profile");
    event.detail = change.text("detail");
    if (!change.ok() || !time) return std::nullopt;
    event.time = *time;
    return event;
  });
}

bool continues(std::string_view message) {
  const Result<JsonDocument> document = JsonDocument::parse(message, kMaxNesting);
  const std::optional<JsonValue> flag =
      document ? document->root().member("continues") : std::nullopt;
  return flag && flag->boolean().value_or(false);
}

}  // namespace hfauth::agent
