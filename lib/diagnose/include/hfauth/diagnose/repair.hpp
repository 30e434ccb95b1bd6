// SPDX-License-Identifier: Apache-2.0
//
// What hfauth itself can mend (Report::repairs): the world after a change, and whether it is a
// better one. Pure; nothing is read or written here (file_edit.hpp does).
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"

namespace hfauth::diagnose {

/// The facts as the next shell would have them after the change.
[[nodiscard]] Facts after_repair(Facts facts, const Repair& repair);

/// More errors, or as many and more warnings, among the roots; or a token that Python had is gone.
[[nodiscard]] bool is_worse(const Report& after, const Report& before);

}  // namespace hfauth::diagnose
