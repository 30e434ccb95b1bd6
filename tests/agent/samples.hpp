// SPDX-License-Identifier: Apache-2.0
//
// Records, profiles and statuses that the tests of the protocol and of the daemon share.
#pragma once

#include "hfauth/agent/protocol.hpp"

#include <ostream>
#include <string>
#include <string_view>

namespace hfauth::testing {

[[nodiscard]] token::ProfileName profile_name(std::string_view name);
[[nodiscard]] token::Endpoint endpoint(std::string_view url);

/// Profile, Hub endpoint, a token of the profile's own; everything else as full_facts(), without
/// expiry.
[[nodiscard]] token::TokenRecord record(std::string_view profile,
                                        std::string_view url = "https://huggingface.co");
[[nodiscard]] token::TokenFacts full_facts();
[[nodiscard]] agent::StoredProfile full_profile();
[[nodiscard]] agent::AgentStatus full_status();
[[nodiscard]] agent::AgentRules full_rules();
[[nodiscard]] agent::Route full_route();
[[nodiscard]] agent::WhichAnswer full_which();
[[nodiscard]] agent::AuditEntry full_entry();
[[nodiscard]] agent::Event full_event();

/// What `write` appends, without the NUL at its end.
template <class Write>
std::string written(const Write& write) {
  agent::GuardedBuffer out;
  write(out);
  return std::string(out.view().substr(0, out.view().size() - 1));
}

}  // namespace hfauth::testing

namespace hfauth::agent {

inline std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  out << name_of(fault.code) << "(" << fault.text << "," << fault.more << "," << fault.number;
  for (const std::string& name : fault.list)
    out << ";" << name;
  return out << ")";
}

inline std::ostream& operator<<(std::ostream& out, FaultCode code) {
  return out << name_of(code);
}

}  // namespace hfauth::agent

namespace hfauth {

inline std::ostream& operator<<(std::ostream& out, Errc code) {
  return out << name_of(code);
}

}  // namespace hfauth
