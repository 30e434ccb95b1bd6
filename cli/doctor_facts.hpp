// SPDX-License-Identifier: Apache-2.0
//
// The facts of this machine, as every part of `hfauth doctor` takes them.
#pragma once

#include "context.hpp"
#include "doctor_question.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/diagnose/facts.hpp"

namespace hfauth::cli {

/// Looks at this machine: blocks as diagnose::take_facts() does. Changes nothing.
[[nodiscard]] diagnose::Facts facts_of_this_machine(const Context& context, const Clock& clock,
                                                    DoctorQuestion question = {});

}  // namespace hfauth::cli
