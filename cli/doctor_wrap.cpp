// SPDX-License-Identifier: Apache-2.0
#include "doctor_wrap.hpp"

#include "doctor_facts.hpp"
#include "doctor_reports.hpp"
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
Result<Examination> look_behind(const Context& context, const DoctorQuestion& question,
                                const WrappedEnd& end, const Clock& clock) {
  Context local = context;
  local.offline = context.offline || end.interrupted;
  DoctorQuestion behind = question;
  for (const diagnose::Explained& stream : end.heard) {
    const std::vector<diagnose::SaidMessage> said = diagnose::said_in(stream);
    behind.said.insert(behind.said.end(), said.begin(), said.end());
  }
  return examine(local, clock, behind);
}

/// For a program to read: it is wanted whether anything was heard or not.
bool wants_a_form(const Context& context) {
  return context.format == Format::json || context.report_form != ReportForm::none;
}

bool wants_files(const po::variables_map& values) {
  return is_given(values, "html") || is_given(values, "bundle") || is_given(values, "facts-out");
}

/// The files that were asked for. Errors: those of writing them.
Result<void> write_files(const po::variables_map& values, const Examination& seen,
                         const diagnose::RunInfo& run, Context& context) {
  const Result<bool> facts = write_facts(values, seen.facts, context);
  return facts ? write_reports(values, seen.facts, seen.report, run, context) : facts.error();
}

}  // namespace

void describe_wrapping(po::options_description& options) {
  options.add_options()("doctor-exit", po::bool_switch(),
                        tr("behind a program: exit as the doctor does, not as the program"));
}

bool wants_wrapping(const po::variables_map& values) {
  return values.count("program") != 0;
}

int run_doctor_around(const po::variables_map& values, const DoctorQuestion& question,
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
  if (!speaks && !exits_as_doctor && !wants_a_form(context) && !wants_files(values))
    return end->status;
  static const SystemClock clock;  // as in doctor_command.cpp
  const MonotonicTime begin = clock.monotonic();
  const Result<Examination> seen = look_behind(context, question, *end, clock);
  if (!seen) {
    const int failure = fail(context, "doctor", seen.error());
    return end->status != 0 ? end->status : failure;
  }
  diagnose::RunInfo run = run_info_of(seen->facts, seen->report, clock.monotonic() - begin);
  run.mode = "wrap";
  if (wants_a_form(context)) {
    print_report(seen->report, run, context, context.err);
  } else if (speaks) {
    const diagnose::TextStyle style{context.terminal.columns,
                                    context.terminal.colour && context.terminal.err_is_terminal,
                                    context.terminal.ascii};
    context.err << diagnose::render_box(end->heard, seen->report, style);
  }
  context.err.flush();
  if (const Result<void> written = write_files(values, *seen, run, context); !written) {
    const int failure = fail(context, "doctor", written.error());
    return end->status != 0 ? end->status : failure;
  }
  return exits_as_doctor ? seen->report.exit_code : end->status;
}

}  // namespace hfauth::cli
