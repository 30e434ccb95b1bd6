// SPDX-License-Identifier: Apache-2.0
//
// The doctor's report where it goes besides the screen: the forms of --format, the page of --html,
// the archive of --bundle.
#pragma once

#include "command.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/render.hpp"

#include <chrono>
#include <iosfwd>
#include <string>

namespace hfauth::cli {

void describe_reports(po::options_description& options);

/// Whether one of them goes to standard output, instead of the report.
[[nodiscard]] bool reports_fill_output(const po::variables_map& values);

/// How the report was made, for its head.
[[nodiscard]] diagnose::RunInfo run_info_of(const diagnose::Facts& facts,
                                            const diagnose::Report& report,
                                            std::chrono::nanoseconds duration);

/// The report in a form of another program's, with pseudonyms: it goes to logs and trackers.
[[nodiscard]] std::string report_in_form(ReportForm form, const diagnose::Report& report,
                                         const diagnose::RunInfo& run);

/// The report on `out`, in the form that the user asked for.
void print_report(const diagnose::Report& report, const diagnose::RunInfo& run,
                  const Context& context, std::ostream& out);

/// What --facts-out asks for, without the home folder. True if it went to standard output, which is
/// full then. Errors: those of write_output.
[[nodiscard]] Result<bool> write_facts(const po::variables_map& values,
                                       const diagnose::Facts& facts, Context& context);

/// Writes what --html and --bundle ask for. For a bundle it lists first what goes in, and asks if
/// there is somebody to ask and no --yes. Errors: those of write_output; interrupted (a no).
[[nodiscard]] Result<void> write_reports(const po::variables_map& values,
                                         const diagnose::Facts& facts,
                                         const diagnose::Report& report,
                                         const diagnose::RunInfo& run, Context& context);

}  // namespace hfauth::cli
