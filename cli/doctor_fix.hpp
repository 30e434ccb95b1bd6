// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor --fix: the doctor's repairs, one after the other, each with an entry in the journal
// and the machine looked at again behind it; one that makes it worse is taken back at once.
#pragma once

#include "command.hpp"
#include "doctor_facts.hpp"
#include "doctor_question.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"

namespace hfauth::cli {

void describe_fixing(po::options_description& options);

/// --fix or --dry-run. Errors: usage (with --facts, or --unsafe-fixes alone).
[[nodiscard]] Result<bool> wants_fixing(const po::variables_map& values);

struct Fixed {
  diagnose::Facts facts;  ///< of the machine as it is now, as the next shell will find it
  diagnose::Report report;
  int status = 0;  ///< 5: a repair failed or was taken back; else that of the report
};

/// `seen` is the first look; every further one asks the same question.
/// With --dry-run it prints on standard output what would change, and changes nothing.
[[nodiscard]] Fixed fix_findings(const po::variables_map& values, Examination seen,
                                 const DoctorQuestion& question, Context& context);

}  // namespace hfauth::cli
