// SPDX-License-Identifier: Apache-2.0
//
// What Python finds inside of a running session.
#pragma once

#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/python_answer.hpp"

namespace hfauth::diagnose {

[[nodiscard]] PythonAnswer ask_session(const Facts& facts, const SessionFacts& session);

/// Whether a variable decided, which a running process does not see change.
[[nodiscard]] bool comes_from_environment(const PythonAnswer& answer) noexcept;

}  // namespace hfauth::diagnose
