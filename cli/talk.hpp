// SPDX-License-Identifier: Apache-2.0
//
// How commands put sentences together: the translated pattern is filled here, so that word order is
// the translator's.
#pragma once

#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <string>

namespace hfauth::cli {

/// `pattern` (a tr() text with {} or {0} places) with its places filled. A pattern that does not
/// fit throws fmt::format_error; po/check.sh compares the places of every translation.
template <class... Arguments>
[[nodiscard]] std::string filled(const char* pattern, const Arguments&... arguments) {
  return fmt::format(fmt::runtime(pattern), arguments...);
}

}  // namespace hfauth::cli
