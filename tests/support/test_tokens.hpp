// SPDX-License-Identifier: Apache-2.0
//
// Tokens for tests: of the right shape, and so repetitive that no scanner and no person takes them
// for live ones.
#pragma once

#include <string>

namespace hfauth::testing {

/// "hf_" and 34 characters: `name`, then "Qx" again and again.
inline std::string test_token(const std::string& name) {
  std::string body = name;
  while (body.size() < 34)
    body += "Qx";
  return "hf_" + body.substr(0, 34);
}

}  // namespace hfauth::testing
