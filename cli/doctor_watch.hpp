// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor --watch: the report, and then what changes, until it is interrupted.
#pragma once

#include "command.hpp"
#include "doctor_question.hpp"

namespace hfauth::cli {

void describe_watching(po::options_description& options);

/// Prints the whole report, then a few lines for each change: as text with the time in front, or
/// one JSON document a line with the report in it. Looks again when a file of the facts changes
/// (inotify), every 15 s for what is no file, and every 10 minutes at the Hub, which is asked again
/// at each change too. SIGINT, SIGTERM and SIGHUP end the process at once with the status of the
/// last report; so does an output that nobody reads. Returns only with an error's status.
int watch_machine(const DoctorQuestion& question, Context& context);

}  // namespace hfauth::cli
