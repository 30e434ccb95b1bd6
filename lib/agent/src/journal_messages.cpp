// SPDX-License-Identifier: Apache-2.0
//
// An entry of the audit as JSON: the same members in a reply and in the file.
#include "messages.hpp"
#include "routing_messages.hpp"

namespace hfauth::agent {

void write_audit_members(JsonWriter& json, const AuditEntry& entry) {
  json.member("sequence", entry.sequence);
  json.member("time", std::string_view(format_utc(entry.time)));
  json.member("event", std::string_view(entry.event));
  json.member("outcome", std::string_view(entry.outcome));
  json.member("profile", std::string_view(entry.profile));
  json.member("endpoint", std::string_view(entry.endpoint));
  json.member("repo", std::string_view(entry.repo));
  json.member("access", std::string_view(entry.access));
  json.member("fingerprint", std::string_view(entry.fingerprint));
  json.member("pid", entry.pid);
  json.member("program", std::string_view(entry.program));
  json.member("unit", std::string_view(entry.unit));
  json.member("rule", std::string_view(entry.rule));
  json.member("times", entry.times);
  if (!entry.hash.empty()) json.member("hash", std::string_view(entry.hash));
}

std::optional<AuditEntry> read_audit_entry(Parameters& in) {
  AuditEntry entry;
  entry.sequence = in.integer("sequence");
  const std::optional<WallTime> time = in.optional_time("time");
  entry.event = in.text("event");
  entry.outcome = in.text("outcome");
  entry.profile = in.text("profile");
  entry.endpoint = in.text("endpoint");
  entry.repo = in.text("repo");
  entry.access = in.text("access");
  entry.fingerprint = in.text("fingerprint");
  entry.pid = in.integer("pid");
  entry.program = in.text("program");
  entry.unit = in.text("unit");
  entry.rule = in.text("rule");
  entry.times = in.integer("times");
  entry.hash = in.text("hash");
  if (!in.ok() || !time) return std::nullopt;
  entry.time = *time;
  return entry;
}

}  // namespace hfauth::agent
