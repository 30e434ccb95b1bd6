// SPDX-License-Identifier: Apache-2.0
//
// What the agent tells of the past and the present: entries of its audit, and changes as they
// happen. Values of Audit and Watch; the words stand in the interface.
#pragma once

#include "hfauth/core/clock.hpp"

#include <cstdint>
#include <string>

namespace hfauth::agent {

/// One thing that was asked of the agent and what came of it. Never a token.
struct AuditEntry {
  std::int64_t sequence = 0;  ///< from 1, without a gap
  WallTime time{};
  std::string event{};    ///< the method: "GetToken"
  std::string outcome{};  ///< "ok", or the name of the error: "Denied"
  std::string profile{};
  std::string endpoint{};
  std::string repo{};
  std::string access{};       ///< "read", "write"; "": not said
  std::string fingerprint{};  ///< of the token that was given or stored
  std::int64_t pid = 0;
  std::string program{};  ///< "" if it could not be seen
  std::string unit{};     ///< of the control group
  std::string rule{};     ///< of the policy that decided: "config.toml:20"
  std::int64_t times = 1;
  std::string hash{};  ///< of this entry and the one before, hexadecimal

  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

struct Event {
  std::string event;
  WallTime time{};
  std::string profile{};
  std::string detail{};

  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace hfauth::agent
