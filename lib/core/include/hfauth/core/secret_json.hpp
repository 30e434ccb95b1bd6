// SPDX-License-Identifier: Apache-2.0
//
// JSON that carries a secret. General JSON libraries copy strings through buffers that nobody
// wipes; so a secret value is spliced in and cut out here, in guarded memory, and the library sees
// the rest only.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <initializer_list>
#include <span>
#include <string_view>

namespace hfauth {

struct SecretMember {
  std::string_view key;
  std::string_view value;  ///< bytes; escaped as JSON needs it
};

/// `object` is the text of a JSON object without secrets ("{...}"); the result is the same object
/// with string members added at its end, in guarded memory. Throws Failure(internal) if `object` is
/// not one.
[[nodiscard]] Secret add_secret_members(std::string_view object,
                                        std::initializer_list<SecretMember> members);

/// Finds the string at `path` (object keys from the outside in), gives its decoded value and
/// overwrites it in `document` with as many "*", so that what is left can go to an ordinary parser.
/// Only the first such member counts. Errors: not_found (no such member, or it is not a string),
/// corrupt (not JSON up to there, a broken escape, nesting deeper than 16).
[[nodiscard]] Result<Secret> take_secret_string(std::span<char> document,
                                                std::initializer_list<std::string_view> path);

}  // namespace hfauth
