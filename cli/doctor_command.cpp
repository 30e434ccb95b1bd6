// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor: looks at this machine, or replays the facts of another one, and prints the report.
#include "acknowledgements.hpp"
#include "commands.hpp"
#include "doctor_combinations.hpp"
#include "doctor_compare.hpp"
#include "doctor_facts.hpp"
#include "doctor_fix.hpp"
#include "doctor_question.hpp"
#include "doctor_reports.hpp"
#include "doctor_watch.hpp"
#include "doctor_wrap.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/client_answer.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <ostream>
#include <string>
#include <utility>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  describe_question(options, positional);
  options.add_options()  //
      ("facts-out", po::value<std::string>()->value_name("FILE"),
       tr("write what was found, without secrets, to FILE"))  //
      ("facts", po::value<std::string>()->value_name("FILE"),
       tr("do not look at this machine: judge the facts in FILE"));
  describe_fixing(options);
  describe_acknowledging(options);
  describe_comparing(options);
  describe_reports(options);
  describe_wrapping(options);
  describe_watching(options);
}

Result<diagnose::Facts> replayed_facts(const std::string& path, const DoctorQuestion& question) {
  Result<diagnose::Facts> facts = facts_of_file(path);
  if (facts && question.client) {
    diagnose::ask_about(*question.client, *facts);
  }
  return facts;
}

int run(const po::variables_map& values, Context& context) {
  static const SystemClock clock;  // a probe that hangs is left behind with it
  const MonotonicTime begin = clock.monotonic();
  if (const Result<void> sound = check_combinations(values); !sound) {
    return fail(context, "doctor", sound.error());
  }
  if (values.count("ack") != 0) {
    return acknowledge(values, clock, context);
  }
  const Result<bool> fixes = wants_fixing(values);
  if (!fixes) {
    return fail(context, "doctor", fixes.error());
  }
  const Result<DoctorQuestion> question = read_question(values, clock, context);
  if (!question) {
    return fail(context, "doctor", question.error());
  }
  if (values.count("compare") != 0) {
    return compare_machines(values, *question, context);
  }
  if (wants_wrapping(values)) {
    return run_doctor_around(values, *question, context);
  }
  if (values["watch"].as<bool>()) {
    return watch_machine(*question, context);
  }
  Result<diagnose::Facts> facts = values.count("facts") != 0
                                      ? replayed_facts(values["facts"].as<std::string>(), *question)
                                      : facts_of_this_machine(context, clock, *question);
  if (!facts) {
    return fail(context, "doctor", facts.error());
  }
  const Result<bool> facts_alone = write_facts(values, *facts, context);
  if (!facts_alone) {
    return fail(context, "doctor", facts_alone.error());
  }
  diagnose::Report report = diagnose::diagnose(*facts, question->judging);
  int status = report.exit_code;
  if (*fixes) {
    Fixed fixed = fix_findings(values, {std::move(*facts), std::move(report)}, *question, context);
    facts = std::move(fixed.facts);
    report = std::move(fixed.report);
    status = fixed.status;
  }
  if (*facts_alone || values["dry-run"].as<bool>()) {
    return status;
  }
  const diagnose::RunInfo run_info = run_info_of(*facts, report, clock.monotonic() - begin);
  if (const Result<void> written = write_reports(values, *facts, report, run_info, context);
      !written) {
    return fail(context, "doctor", written.error());
  }
  if (!reports_fill_output(values)) {
    print_report(report, run_info, context, context.out);
  }
  return status;
}

}  // namespace

const Command kDoctorCommand{
    .name = "doctor",
    .usage =
        "[TARGET...] [--for CLIENT] [--context CONTEXT] [--write] [--try-all] [--watch] "
        "[--log FILE] [--only LIST] [--skip LIST] [--fail-on LEVEL] [--fix] [--dry-run] "
        "[--ack ID] [--compare A B] [--facts FILE] [--facts-out FILE] [--html FILE] [--bundle "
        "FILE] [-- PROGRAM [ARGUMENT...]]",
    .summary = tr_later("Find out why a login does not work, with proof and a cure"),
    .describe = describe,
    .run = run,
    .program = ProgramWords::behind_dashes,
    .has_report_forms = true,
};

}  // namespace hfauth::cli
