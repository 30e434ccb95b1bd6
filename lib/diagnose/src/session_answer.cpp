// SPDX-License-Identifier: Apache-2.0
#include "session_answer.hpp"

namespace hfauth::diagnose {

PythonAnswer ask_session(const Facts& facts, const SessionFacts& session) {
  Facts inside = facts;
  inside.environment = session.environment;
  inside.working_directory = session.working_directory;
  if (!session.home.empty()) inside.home = session.home;
  return ask_python(inside);
}

bool comes_from_environment(const PythonAnswer& answer) noexcept {
  return answer.source == token::TokenSource::env_hf_token ||
         answer.source == token::TokenSource::env_legacy;
}

}  // namespace hfauth::diagnose
