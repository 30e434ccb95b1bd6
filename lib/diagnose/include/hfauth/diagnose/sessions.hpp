// SPDX-License-Identifier: Apache-2.0
//
// Running programs and the token that each has: what `hfauth ps` shows, from facts alone. /proc
// tells with which variables a process was started and nothing that it changed since, so what is
// said of a variable is what it was given, and what is said of a file is what it finds there now.
#pragma once

#include "hfauth/diagnose/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

enum class SessionState {
  ok,       ///< it uses what a new program here would use
  stale,    ///< it has another token, from variables that it was started with
  missing,  ///< it finds no token
  unknown,  ///< it cannot be looked into, or another program decides
};

[[nodiscard]] std::string_view name_of(SessionState state) noexcept;

struct SessionView {
  SessionFacts session;
  SessionState state = SessionState::unknown;
  std::string where;        ///< variable or path from which it has its token; "" for none
  std::string mask;         ///< "" for none
  std::string fingerprint;  ///< "" for none
  std::string account;      ///< "" if not known
  std::string reason;       ///< one line, in the chosen language
  bool needs_restart = false;
};

/// In the order of the facts.
[[nodiscard]] std::vector<SessionView> judge_sessions(const Facts& facts);

}  // namespace hfauth::diagnose
