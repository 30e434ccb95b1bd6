// SPDX-License-Identifier: Apache-2.0
//
// make_environment({{"HOME", "/home/u"}}): an environment as a test wants it.
#pragma once

#include "hfauth/core/environment.hpp"

#include <utility>

namespace hfauth::testing {

inline Environment make_environment(Environment::Map variables) {
  return Environment(std::move(variables));
}

}  // namespace hfauth::testing
