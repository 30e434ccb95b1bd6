// SPDX-License-Identifier: Apache-2.0
//
// Facts as the resolvers of lib/token take them.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/token/resolver.hpp"

namespace hfauth::diagnose {

[[nodiscard]] token::ResolverInput resolver_input(const Facts& facts);

}  // namespace hfauth::diagnose
