// SPDX-License-Identifier: Apache-2.0
//
// Facts as the resolvers of lib/token take them, and what they say as facts are judged by.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/python_answer.hpp"
#include "hfauth/token/resolver.hpp"

namespace hfauth::diagnose {

/// From where a client is started: what a session or a service has otherwise than the shell that
/// asks. Must outlive the call that it is given to.
struct Standpoint {
  const Environment& environment;
  const std::string& home;
  const std::string& working_directory;
};

[[nodiscard]] token::ResolverInput resolver_input(const Facts& facts);
[[nodiscard]] token::ResolverInput resolver_input(const Facts& facts, const Standpoint& from);

/// ask_python() for a Python that is started elsewhere on the machine of the facts.
[[nodiscard]] PythonAnswer ask_python_from(const Facts& facts, const Standpoint& from);

[[nodiscard]] PythonAnswer answer_of(const token::Resolution& resolution);

}  // namespace hfauth::diagnose
