// SPDX-License-Identifier: Apache-2.0
//
// hfauth doctor: looks at this machine, or replays the facts of another one, and prints the report.
#include "acknowledgements.hpp"
#include "commands.hpp"
#include "doctor_compare.hpp"
#include "doctor_facts.hpp"
#include "doctor_fix.hpp"
#include "doctor_question.hpp"
#include "doctor_reports.hpp"
#include "doctor_wrap.hpp"
#include "hfauth/core/clock.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/render.hpp"
#include "output_file.hpp"

#include <boost/program_options/value_semantic.hpp>

#include <ostream>
#include <string>
#include <utility>

namespace hfauth::cli {
namespace {

void describe(po::options_description& options, po::positional_options_description& positional) {
  describe_question(options, positional);
  options.add_options()  //
      ("only", po::value<std::string>()->value_name("LIST"),
       tr("run these checks alone: ids or names, with commas"))                             //
      ("skip", po::value<std::string>()->value_name("LIST"), tr("leave these checks out"))  //
      ("fail-on", po::value<std::string>()->value_name("LEVEL")->default_value("error"),
       tr("exit with 1 from this level on: error, warning or never"))  //
      ("facts-out", po::value<std::string>()->value_name("FILE"),
       tr("write what was found, without secrets, to FILE"))  //
      ("facts", po::value<std::string>()->value_name("FILE"),
       tr("do not look at this machine: judge the facts in FILE"));
  describe_fixing(options);
  describe_acknowledging(options);
  describe_comparing(options);
  describe_reports(options);
  describe_wrapping(options);
}

Result<diagnose::DiagnosisOptions> read_options(const po::variables_map& values) {
  diagnose::DiagnosisOptions options;
  for (const auto& [name, list] :
       {std::pair{"only", &options.only}, std::pair{"skip", &options.skip}}) {
    if (values.count(name) == 0) {
      continue;
    }
    Result<std::vector<std::string>> ids =
        diagnose::parse_check_list(values[name].as<std::string>());
    if (!ids) {
      return ids.error();
    }
    *list = std::move(*ids);
  }
  const std::string level = values["fail-on"].as<std::string>();
  if (level == "warning") {
    options.fail_on = diagnose::FailOn::warning;
  } else if (level == "never") {
    options.fail_on = diagnose::FailOn::never;
  } else if (level != "error") {
    return Error{Errc::usage, "--fail-on " + level + ": error, warning or never"};
  }
  return options;
}

Result<diagnose::Facts> replayed_facts(const std::string& path) {
  const Result<std::string> document = read_file(path);
  return document ? diagnose::facts_from_json(*document)
                  : Result<diagnose::Facts>(document.error());
}

void print(const diagnose::Report& report, const diagnose::RunInfo& run, Context& context) {
  if (context.report_form != ReportForm::none) {
    context.out << report_in_form(context.report_form, report, run);
    return;
  }
  switch (context.format) {
    case Format::json:
      context.out << diagnose::report_json(report, run);
      return;
    case Format::quiet:
      for (const std::string& id : report.roots) {
        context.out << id << '\n';
      }
      return;
    case Format::human:
    case Format::agent:
      break;
  }
  const diagnose::TextStyle style{context.terminal.columns, context.terminal.colour,
                                  context.terminal.ascii};
  context.out << diagnose::render_report(report, style, context.verbosity, run.duration);
}

int run(const po::variables_map& values, Context& context) {
  static const SystemClock clock;  // a probe that hangs is left behind with it
  const MonotonicTime begin = clock.monotonic();
  if (values.count("ack") != 0) {
    return acknowledge(values, clock, context);
  }
  if (values.count("compare") != 0) {
    return compare_machines(values, context);
  }
  Result<diagnose::DiagnosisOptions> options = read_options(values);
  if (!options) {
    return fail(context, "doctor", options.error());
  }
  if (values.count("facts") == 0) {  // another machine's findings are not this user's to know of
    Result<std::vector<diagnose::Acknowledgement>> known = acknowledgements(context.paths, clock);
    if (!known) {
      return fail(context, "doctor", known.error());
    }
    options->acknowledged = std::move(*known);
  }
  if (wants_wrapping(values)) {
    return run_doctor_around(values, *options, context);
  }
  const Result<bool> fixes = wants_fixing(values);
  if (!fixes) {
    return fail(context, "doctor", fixes.error());
  }
  Result<DoctorQuestion> question = read_question(values, context);
  if (!question) {
    return fail(context, "doctor", question.error());
  }
  Result<diagnose::Facts> facts =
      values.count("facts") != 0
          ? replayed_facts(values["facts"].as<std::string>())
          : Result<diagnose::Facts>(facts_of_this_machine(context, clock, *std::move(question)));
  if (!facts) {
    return fail(context, "doctor", facts.error());
  }
  const std::string target =
      values.count("facts-out") != 0 ? values["facts-out"].as<std::string>() : std::string();
  const bool facts_alone = is_standard_output(target);
  const auto document = [&facts] {
    return diagnose::facts_to_json(diagnose::without_home_folder(*facts));
  };
  if (facts_alone) {
    context.out << document();
  } else if (!target.empty()) {
    const Result<void> written = write_output(target, document());
    if (!written) {
      return fail(context, "doctor", written.error());
    }
  }
  diagnose::Report report = diagnose::diagnose(*facts, *options);
  int status = report.exit_code;
  if (*fixes) {
    Fixed fixed = fix_findings(values, std::move(*facts), *options, context);
    facts = std::move(fixed.facts);
    report = std::move(fixed.report);
    status = fixed.status;
  }
  if (facts_alone || values["dry-run"].as<bool>()) {
    return status;
  }
  const auto duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock.monotonic() - begin);
  const diagnose::RunInfo run_info{facts->taken, duration, report.offline, HFAUTH_VERSION};
  if (const Result<void> written = write_reports(values, *facts, report, run_info, context);
      !written) {
    return fail(context, "doctor", written.error());
  }
  if (!reports_fill_output(values)) {
    print(report, run_info, context);
  }
  return status;
}

}  // namespace

const Command kDoctorCommand{
    .name = "doctor",
    .usage =
        "[TARGET...] [--write] [--log FILE] [--only LIST] [--skip LIST] [--fail-on LEVEL] "
        "[--facts FILE] [--facts-out FILE] [--html FILE] [--bundle FILE] [-- PROGRAM "
        "[ARGUMENT...]]",
    .summary = tr_later("Find out why a login does not work, with proof and a cure"),
    .describe = describe,
    .run = run,
    .program = ProgramWords::behind_dashes,
    .has_report_forms = true,
};

}  // namespace hfauth::cli
