// SPDX-License-Identifier: Apache-2.0
#include "doctor_wrap.hpp"

#include "doctor_facts.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/diagnose/wrap.hpp"
#include "talk.hpp"
#include "wrapped_program.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <ostream>

namespace hfauth::cli {
namespace {

constexpr int kCannotRun = 126;  // POSIX sh: found, but not executable
constexpr int kNotFound = 127;   // POSIX sh: not found

/// Whoever pressed Ctrl-C wants the prompt back: then the Hub is not asked.
diagnose::Report report_on(Context& context, const diagnose::DiagnosisOptions& options,
                           bool in_a_hurry) {
  Context local = context;
  local.offline = context.offline || in_a_hurry;
  static const SystemClock clock;  // as in doctor_command.cpp
  return diagnose::diagnose(facts_of_this_machine(local, clock), options);
}

}  // namespace

void describe_wrapping(po::options_description& options) {
  options.add_options()("doctor-exit", po::bool_switch(),
                        tr("behind a program: exit as the doctor does, not as the program"));
}

bool wants_wrapping(const po::variables_map& values) {
  return values.count("program") != 0;
}

int run_doctor_around(const po::variables_map& values, const diagnose::DiagnosisOptions& options,
                      Context& context) {
  const auto& program = values["program"].as<std::vector<std::string>>();
  if (program.empty()) {
    return fail(context, "doctor",
                {Errc::usage, tr("which program? hfauth doctor -- PROGRAM [ARGUMENT...]")});
  }
  context.out.flush();
  context.err.flush();
  const Result<WrappedEnd> end = run_wrapped(program);
  if (!end) {
    fail(context, "doctor", end.error());
    return end.error().code == Errc::not_found ? kNotFound : kCannotRun;
  }
  const bool wants_silence =
      context.verbosity < 0 ||
      (end->status == 0 && context.environment.get("HFAUTH_WRAP").value_or("") == "quiet");
  const bool speaks = !end->heard.empty() && !wants_silence;
  const bool exits_as_doctor = values["doctor-exit"].as<bool>();
  if (!speaks && !exits_as_doctor) return end->status;
  const diagnose::Report report = report_on(context, options, end->interrupted);
  if (speaks) {
    const diagnose::TextStyle style{context.terminal.columns,
                                    context.terminal.colour && context.terminal.err_is_terminal,
                                    context.terminal.ascii};
    context.err << diagnose::render_box(end->heard, report, style) << std::flush;
  }
  return exits_as_doctor ? report.exit_code : end->status;
}

}  // namespace hfauth::cli
