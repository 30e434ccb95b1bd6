// SPDX-License-Identifier: Apache-2.0
//
// What the commands about the agent's rules print with --format json: one object or array and a
// newline; entries and events one object a line. Keys are those of the interface, never translated.
#pragma once

#include "hfauth/agent/audit_log.hpp"
#include "hfauth/agent/journal.hpp"
#include "hfauth/agent/routing.hpp"

#include <string>
#include <vector>

namespace hfauth::cli {

/// {"name","endpoint","fault","decision","rule","steps":[...]}; name and endpoint null without one.
[[nodiscard]] std::string json_of(const agent::WhichAnswer& answer);

/// [{"repo","type","access","endpoint","name","source"}]
[[nodiscard]] std::string json_of(const std::vector<agent::Route>& routes);

[[nodiscard]] std::string json_of(const agent::AuditEntry& entry);

/// {"whole","entries","first","last","broken":[...]}
[[nodiscard]] std::string json_of(const agent::AuditCheck& check);

[[nodiscard]] std::string json_of(const agent::Event& event);

}  // namespace hfauth::cli
