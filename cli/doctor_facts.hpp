// SPDX-License-Identifier: Apache-2.0
//
// The facts of this machine, and the report on them, as every part of `hfauth doctor` takes them.
#pragma once

#include "context.hpp"
#include "doctor_question.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"

#include <string>

namespace hfauth::cli {

/// Looks at this machine, or at what the question's context sees of it; blocks as
/// diagnose::take_facts() does. Changes nothing. The clock must
/// live as long as the process: a probe that hangs is left behind with it.
/// Errors: those of look_into().
[[nodiscard]] Result<diagnose::Facts> facts_of_this_machine(const Context& context,
                                                            const Clock& clock,
                                                            const DoctorQuestion& question);

/// What --facts-out wrote. Errors: as read_file(); invalid_input: it is no such file.
[[nodiscard]] Result<diagnose::Facts> facts_of_file(const std::string& path);

/// For `hfauth ps`: every process of this user that may use the Hub, and no more than is needed to
/// name their tokens; the Hub is not asked.
[[nodiscard]] diagnose::Facts facts_of_sessions(const Context& context, const Clock& clock);

struct Examination {
  diagnose::Facts facts;
  diagnose::Report report;
};

/// The same, judged as the question asks.
[[nodiscard]] Result<Examination> examine(const Context& context, const Clock& clock,
                                          const DoctorQuestion& question);

}  // namespace hfauth::cli
