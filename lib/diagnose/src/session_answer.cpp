// SPDX-License-Identifier: Apache-2.0
#include "session_answer.hpp"

#include "resolver_input.hpp"

namespace hfauth::diagnose {

PythonAnswer ask_session(const Facts& facts, const SessionFacts& session) {
  return ask_python_from(facts,
                         {session.environment, session.home.empty() ? facts.home : session.home,
                          session.working_directory});
}

bool comes_from_environment(const PythonAnswer& answer) noexcept {
  return answer.source == token::TokenSource::env_hf_token ||
         answer.source == token::TokenSource::env_legacy;
}

}  // namespace hfauth::diagnose
