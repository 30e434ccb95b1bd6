// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor -- PROGRAM: the part of the doctor that runs a program and says at its end what the
// messages about authentication in its output came from.
#pragma once

#include "command.hpp"
#include "doctor_question.hpp"

namespace hfauth::cli {

void describe_wrapping(po::options_description& options);

[[nodiscard]] bool wants_wrapping(const po::variables_map& values);

/// Runs the program, then looks at the machine as the question asks, if the program printed a
/// message about authentication or a report is wanted anyway. Standard output is the program's: the
/// box, or in its place the report in the form of --format, goes to the error stream. Its exit
/// status, or with --doctor-exit that of the report; 126 and 127 as a shell's if it cannot be run.
int run_doctor_around(const po::variables_map& values, const DoctorQuestion& question,
                      Context& context);

}  // namespace hfauth::cli
