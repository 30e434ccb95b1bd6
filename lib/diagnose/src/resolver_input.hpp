// SPDX-License-Identifier: Apache-2.0
//
// Facts as the resolvers of lib/token take them, and what they say as facts are judged by.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/python_answer.hpp"
#include "hfauth/token/resolver.hpp"

namespace hfauth::diagnose {

[[nodiscard]] token::ResolverInput resolver_input(const Facts& facts);

[[nodiscard]] PythonAnswer answer_of(const token::Resolution& resolution);

}  // namespace hfauth::diagnose
