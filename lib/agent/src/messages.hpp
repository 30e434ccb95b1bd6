// SPDX-License-Identifier: Apache-2.0
//
// What calls.cpp, replies.cpp and fault.cpp share: lists of strings, dates, the names of parameters
// in one order. Private to lib/agent.
#pragma once

#include "hfauth/agent/json_reader.hpp"
#include "hfauth/agent/json_writer.hpp"
#include "hfauth/agent/protocol.hpp"
#include "parameters.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hfauth::agent {

void write_strings(JsonWriter& json, const std::vector<std::string>& strings);
void write_time(JsonWriter& json, std::string_view name, const std::optional<WallTime>& time);

/// The members profile ... expires of a record, which Add and Record have in common.
void write_facts(JsonWriter& json, const token::TokenFacts& facts);

/// The members of Add.
void write_add_parameters(JsonWriter& json, const token::TokenRecord& record, bool replace,
                          bool make_default);

/// The reverse of write_facts; nullopt if a member is wrong (`in` tells which). An unknown kind of
/// token is TokenKind::unknown.
[[nodiscard]] std::optional<token::TokenFacts> read_facts(Parameters& in);

/// nullopt if it is no array of strings.
[[nodiscard]] std::optional<std::vector<std::string>> read_strings(const JsonValue& value);

/// A missing parameter leaves its default.
[[nodiscard]] Fault read_fault(FaultCode code, const std::optional<JsonValue>& parameters);

}  // namespace hfauth::agent
