// SPDX-License-Identifier: Apache-2.0
//
// One row a fault: its name on the wire, the names of its parameters, and the code that a program
// sees. A fault with `list` or `number` carries those instead of texts.
#include "hfauth/agent/json_reader.hpp"
#include "hfauth/agent/json_writer.hpp"
#include "hfauth/agent/protocol.hpp"
#include "messages.hpp"

#include <algorithm>
#include <array>

namespace hfauth::agent {
namespace {

enum class Carries { nothing, text, two_texts, list, number };

struct Row {
  FaultCode code;
  std::string_view name;
  Carries carries;
  std::string_view first;
  std::string_view second;
};

constexpr std::array kRows{
    Row{FaultCode::locked, "org.hfauth.Agent.Locked", Carries::nothing, "", ""},
    Row{FaultCode::not_found, "org.hfauth.Agent.NotFound", Carries::text, "what", ""},
    Row{FaultCode::denied, "org.hfauth.Agent.Denied", Carries::two_texts, "reason", "rule"},
    Row{FaultCode::expired, "org.hfauth.Agent.Expired", Carries::two_texts, "profile", "expired"},
    Row{FaultCode::ambiguous, "org.hfauth.Agent.Ambiguous", Carries::list, "candidates", ""},
    Row{FaultCode::store_unavailable, "org.hfauth.Agent.StoreUnavailable", Carries::two_texts,
        "reason", "cause"},
    Row{FaultCode::store_timeout, "org.hfauth.Agent.StoreTimeout", Carries::text, "reason", ""},
    Row{FaultCode::busy, "org.hfauth.Agent.Busy", Carries::text, "reason", ""},
    Row{FaultCode::conflict, "org.hfauth.Agent.Conflict", Carries::text, "profile", ""},
    Row{FaultCode::not_due, "org.hfauth.Agent.NotDue", Carries::text, "profile", ""},
    Row{FaultCode::too_large, "org.hfauth.Agent.TooLarge", Carries::number, "limit", ""},
    Row{FaultCode::timeout, "org.hfauth.Agent.Timeout", Carries::text, "reason", ""},
    Row{FaultCode::malformed, "org.hfauth.Agent.Malformed", Carries::text, "reason", ""},
    Row{FaultCode::internal, "org.hfauth.Agent.Internal", Carries::text, "reason", ""},
    Row{FaultCode::interface_not_found, "org.varlink.service.InterfaceNotFound", Carries::text,
        "interface", ""},
    Row{FaultCode::method_not_found, "org.varlink.service.MethodNotFound", Carries::text, "method",
        ""},
    Row{FaultCode::method_not_implemented, "org.varlink.service.MethodNotImplemented",
        Carries::text, "method", ""},
    Row{FaultCode::invalid_parameter, "org.varlink.service.InvalidParameter", Carries::text,
        "parameter", ""},
};

const Row& row_of(FaultCode code) noexcept {
  return *std::find_if(kRows.begin(), kRows.end(),
                       [code](const Row& row) { return row.code == code; });
}

/// The reasons for which a store can be unusable, each a code of its own for programs.
constexpr std::array kStoreCauses{
    Errc::store_unavailable, Errc::no_space,    Errc::permission, Errc::io,
    Errc::corrupt,           Errc::unsupported, Errc::usage,      Errc::too_large};

Errc store_cause(std::string_view name) {
  const auto* const found =
      std::find_if(kStoreCauses.begin(), kStoreCauses.end(),
                   [name](Errc code) { return hfauth::name_of(code) == name; });
  return found == kStoreCauses.end() ? Errc::store_unavailable : *found;
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace

std::string_view name_of(FaultCode code) noexcept {
  return row_of(code).name;
}

std::string_view short_name_of(FaultCode code) noexcept {
  const std::string_view name = name_of(code);
  return name.substr(name.rfind('.') + 1);
}

std::optional<FaultCode> fault_from_name(std::string_view name) noexcept {
  const auto* const found =
      std::find_if(kRows.begin(), kRows.end(), [name](const Row& row) { return row.name == name; });
  if (found == kRows.end()) return std::nullopt;
  return found->code;
}

void write_fault(GuardedBuffer& out, const Fault& fault) {
  const Row& row = row_of(fault.code);
  JsonWriter json(out);
  json.begin_object();
  json.member("error", row.name);
  json.key("parameters");
  json.begin_object();
  switch (row.carries) {
    case Carries::nothing:
      break;
    case Carries::two_texts:
      json.member(row.first, std::string_view(fault.text));
      json.member(row.second, std::string_view(fault.more));
      break;
    case Carries::text:
      json.member(row.first, std::string_view(fault.text));
      break;
    case Carries::list:
      json.key(row.first);
      write_strings(json, fault.list);
      break;
    case Carries::number:
      json.member(row.first, fault.number);
      break;
  }
  json.end_object();
  json.end_object();
  out.push_back('\0');
}

Fault read_fault(FaultCode code, const std::optional<JsonValue>& parameters) {
  const Row& row = row_of(code);
  Fault fault{.code = code};
  if (!parameters) return fault;
  const auto text = [&](std::string_view key) {
    const std::optional<JsonValue> value = parameters->member(key);
    return value ? value->text().value_or("") : std::string();
  };
  const std::optional<JsonValue> first = parameters->member(row.first);
  if (row.carries == Carries::number && first) fault.number = first->integer().value_or(0);
  if (row.carries == Carries::list && first)
    fault.list = read_strings(*first).value_or(std::vector<std::string>{});
  if (row.carries == Carries::text || row.carries == Carries::two_texts)
    fault.text = text(row.first);
  if (row.carries == Carries::two_texts) fault.more = text(row.second);
  return fault;
}

Error error_from(const Fault& fault) {
  switch (fault.code) {
    case FaultCode::locked:
      return {Errc::locked, "the agent is locked; open it with: hfauth unlock"};
    case FaultCode::not_found:
      return {Errc::not_found, fault.text};
    case FaultCode::denied:
      return {Errc::denied, fault.text};
    case FaultCode::expired:
      return {Errc::expired, "the token of profile " + fault.text + " expired at " + fault.more +
                                 "; get a new one with: hfauth login"};
    case FaultCode::ambiguous:
      return {Errc::ambiguous,
              "no default profile, and several match: " + join(fault.list) + "; name one of them"};
    case FaultCode::store_unavailable:
      return {store_cause(fault.more), fault.text};
    case FaultCode::store_timeout:
      return {Errc::store_timeout, fault.text};
    case FaultCode::busy:
      return {Errc::busy, fault.text};
    case FaultCode::conflict:
      return {Errc::conflict, "a profile named " + fault.text + " exists already"};
    case FaultCode::not_due:
      return {Errc::not_found, "the token of profile " + fault.text + " needs no refresh yet"};
    case FaultCode::too_large:
      return {Errc::too_large, "the agent takes at most " + std::to_string(fault.number) + " here"};
    case FaultCode::timeout:
      return {Errc::timeout, fault.text};
    case FaultCode::malformed:
      return {Errc::internal, "the agent did not understand the request: " + fault.text};
    case FaultCode::internal:
      return {Errc::internal, "the agent failed: " + fault.text};
    case FaultCode::invalid_parameter:
      return {Errc::invalid_input, "the agent refuses the value of \"" + fault.text + "\""};
    case FaultCode::interface_not_found:
    case FaultCode::method_not_found:
    case FaultCode::method_not_implemented:
      return {Errc::unsupported, "the running agent does not know " + fault.text +
                                     "; it may be older than this program: restart it"};
  }
  return {Errc::internal, "unknown fault"};
}

Fault fault_from(const Error& error) {
  switch (error.code) {
    case Errc::locked:
      return {.code = FaultCode::locked};
    case Errc::not_found:
    case Errc::token_required:
      return {.code = FaultCode::not_found, .text = error.detail};
    case Errc::denied:
      return {.code = FaultCode::denied, .text = error.detail};
    case Errc::busy:
      return {.code = FaultCode::busy, .text = error.detail};
    case Errc::timeout:
      return {.code = FaultCode::timeout, .text = error.detail};
    case Errc::store_timeout:
      return {.code = FaultCode::store_timeout, .text = error.detail};
    case Errc::store_unavailable:
    case Errc::no_space:
    case Errc::permission:
    case Errc::io:
    case Errc::corrupt:
    case Errc::unsupported:
    case Errc::usage:
    case Errc::too_large:
      return {.code = FaultCode::store_unavailable,
              .text = error.detail,
              .more = std::string(hfauth::name_of(error.code))};
    default:
      return {.code = FaultCode::internal, .text = error.detail};
  }
}

Fault fault_from_store(Error error) {
  if (error.code == Errc::denied) error.code = Errc::store_unavailable;
  return fault_from(error);
}

}  // namespace hfauth::agent
