// SPDX-License-Identifier: Apache-2.0
//
// What the next Python would send, by the resolver of its version, from facts alone.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/token/resolver.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hfauth::diagnose {

struct PythonAnswer {
  token::TokenSource source = token::TokenSource::none;
  std::string where;            ///< variable or path
  std::string sent;             ///< stand-in; "" for none
  bool raises = false;          ///< every call ends in an exception
  bool sent_by_default = true;  ///< false: requests are anonymous all the same
  std::vector<token::ResolutionStep> steps;

  [[nodiscard]] bool has_token() const { return !sent.empty(); }
};

/// Of the version in the facts, or the newest known; or of `version`.
[[nodiscard]] PythonAnswer ask_python(const Facts& facts,
                                      std::optional<token::ClientVersion> version = std::nullopt);

}  // namespace hfauth::diagnose
