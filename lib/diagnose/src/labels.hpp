// SPDX-License-Identifier: Apache-2.0
//
// The words of a report's fixed values, for people, in the chosen language. Pure.
#pragma once

#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/finding.hpp"
#include "hfauth/token/resolver_other.hpp"

#include <cstddef>
#include <string>

namespace hfauth::diagnose {

[[nodiscard]] std::string label_of(Severity severity);      ///< "error", "not checked", ...
[[nodiscard]] std::string label_of(Confidence confidence);  ///< "proven", "likely", "possible"
/// "read at every request", "a running program keeps the old one until it is restarted", ...
[[nodiscard]] std::string label_of(token::Notice notice);
[[nodiscard]] std::string label_of(Impact impact);  ///< "limits you, does not block you"
/// Of one of `count` fixes: "Fix", or "Fix B" among several.
[[nodiscard]] std::string fix_label(std::size_t index, std::size_t count);

}  // namespace hfauth::diagnose
