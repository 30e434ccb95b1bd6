// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor --compare A B: what differs between two machines, or two moments of one.
#pragma once

#include "command.hpp"
#include "doctor_question.hpp"

namespace hfauth::cli {

void describe_comparing(po::options_description& options);

/// A and B are files of --facts-out, "here" for this machine as it is, or contexts (--context).
/// Both are judged as the question asks. 0: nothing differs, 1: something does, else the status of
/// the error.
int compare_machines(const po::variables_map& values, const DoctorQuestion& question,
                     Context& context);

}  // namespace hfauth::cli
