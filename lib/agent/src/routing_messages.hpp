// SPDX-License-Identifier: Apache-2.0
//
// The pieces of messages that have to do with routes. Private to lib/agent.
#pragma once

#include "hfauth/agent/json_writer.hpp"
#include "hfauth/agent/protocol.hpp"
#include "parameters.hpp"

namespace hfauth::agent {

[[nodiscard]] call::GetToken read_question(Parameters& in);
void write_question(JsonWriter& json, const call::GetToken& question);

[[nodiscard]] RoutePattern read_pattern(Parameters& in);
void write_pattern(JsonWriter& json, const RoutePattern& pattern);

void write_route(JsonWriter& json, const Route& route);
[[nodiscard]] std::optional<Route> read_route(const JsonValue& value);

void write_step(JsonWriter& json, const Step& step);
[[nodiscard]] std::optional<Step> read_step(const JsonValue& value);

/// An entry without its object's braces; with its hash if it has one.
void write_audit_members(JsonWriter& json, const AuditEntry& entry);
[[nodiscard]] std::optional<AuditEntry> read_audit_entry(Parameters& in);

}  // namespace hfauth::agent
