// SPDX-License-Identifier: Apache-2.0
//
// What leaves the machine goes under pseudonyms; the page of --html is the user's own and keeps the
// masks by which tokens are told apart.
#include "doctor_reports.hpp"

#include "hfauth/core/clock.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/diagnose/reports.hpp"
#include "output_file.hpp"
#include "question.hpp"
#include "talk.hpp"
#include "tar_archive.hpp"

#include <sys/utsname.h>

#include <boost/program_options/value_semantic.hpp>

#include <algorithm>
#include <array>
#include <ostream>

namespace hfauth::cli {
namespace {

constexpr std::array kFiles{"html", "bundle"};

/// Kernel and C library: what a maintainer asks first. Without the host's name.
std::string versions_text() {
  std::string text = "hfauth " HFAUTH_VERSION "\n";
  utsname system{};
  if (::uname(&system) == 0)
    text += filled("{} {} {}\n", system.sysname, system.release, system.machine);
  return text;
}

std::vector<ArchiveMember> bundle_of(const diagnose::Facts& facts, const diagnose::Report& report,
                                     const diagnose::RunInfo& run) {
  const diagnose::Pseudonyms pseudonyms(report);
  const diagnose::Report shared = pseudonyms.applied_to(report);
  return {
      {"hfauth-doctor/report.md", diagnose::report_markdown(shared, run)},
      {"hfauth-doctor/report.json", pseudonyms.applied_to_json(diagnose::report_json(shared, run))},
      {"hfauth-doctor/facts.json",
       pseudonyms.applied_to_json(diagnose::facts_to_json(diagnose::without_home_folder(facts)))},
      {"hfauth-doctor/versions.txt", versions_text()}};
}

void list_members(const std::vector<ArchiveMember>& members, std::ostream& err) {
  static constexpr const char* kContents[] = {
      tr_later("the report, to paste"), tr_later("the report, for programs"),
      tr_later("what was found: variables and files that matter, without tokens"),
      tr_later("versions of hfauth and of the system")};
  err << tr("The bundle holds, with pseudonyms for tokens and accounts:") << '\n';
  for (std::size_t i = 0; i < members.size(); ++i) {
    err << fmt::format("  {:<28} {:>7}  {}\n", members[i].name, members[i].content.size(),
                       tr(kContents[i]));
  }
}

Result<void> write_to(const std::string& name, std::string_view content, Context& context) {
  if (!is_standard_output(name)) return write_output(name, content);
  context.out << content;
  return {};
}

Result<void> write_bundle(const std::string& name, const std::vector<ArchiveMember>& members,
                          bool agreed, Context& context) {
  if (context.verbosity >= 0) list_members(members, context.err);
  if (!agreed && can_ask(context) && !ask_yes(context, filled(tr("Write it to {}?"), name)))
    return Error{Errc::interrupted, tr("nothing was written")};
  const Result<std::string> archive = tar_archive(members, SystemClock().now());
  return archive ? write_to(name, *archive, context) : archive.error();
}

}  // namespace

void describe_reports(po::options_description& options) {
  options.add_options()  //
      ("html", po::value<std::string>()->value_name("FILE"),
       tr("write the report as one page for a browser"))  //
      ("bundle", po::value<std::string>()->value_name("FILE"),
       tr("write a tar archive for a bug report: report, facts, versions, no token"))  //
      ("yes,y", po::bool_switch(), tr("do not ask"));
}

bool reports_fill_output(const po::variables_map& values) {
  return std::any_of(kFiles.begin(), kFiles.end(), [&](const char* option) {
    return values.count(option) != 0 && is_standard_output(values[option].as<std::string>());
  });
}

diagnose::RunInfo run_info_of(const diagnose::Facts& facts, const diagnose::Report& report,
                              std::chrono::nanoseconds duration) {
  diagnose::RunInfo run{facts.taken,
                        std::chrono::duration_cast<std::chrono::milliseconds>(duration),
                        report.offline, HFAUTH_VERSION};
  run.folder = show_path(facts.working_directory, facts.home);
  for (const diagnose::TargetFacts& target : facts.targets)
    run.targets.push_back(target.type == "model" ? target.id : target.type + "s/" + target.id);
  return run;
}

std::string report_in_form(ReportForm form, const diagnose::Report& report,
                           const diagnose::RunInfo& run) {
  const diagnose::Report shared = diagnose::Pseudonyms(report).applied_to(report);
  switch (form) {
    case ReportForm::sarif:
      return diagnose::report_sarif(shared, run);
    case ReportForm::junit:
      return diagnose::report_junit(shared, run);
    case ReportForm::markdown:
      return diagnose::report_markdown(shared, run);
    case ReportForm::github:
      return diagnose::report_github(shared, run);
    case ReportForm::none:
      break;
  }
  return {};
}

void print_report(const diagnose::Report& report, const diagnose::RunInfo& run,
                  const Context& context, std::ostream& out) {
  if (context.report_form != ReportForm::none) {
    out << report_in_form(context.report_form, report, run);
    return;
  }
  switch (context.format) {
    case Format::json:
      out << diagnose::report_json(report, run);
      return;
    case Format::quiet:
      for (const std::string& id : report.roots)
        out << id << '\n';
      return;
    case Format::agent:
      out << diagnose::report_agent(report);
      return;
    case Format::human:
      break;
  }
  const diagnose::TextStyle style{context.terminal.columns, context.terminal.colour,
                                  context.terminal.ascii};
  out << diagnose::render_report(report, style, context.verbosity, run.duration);
}

Result<bool> write_facts(const po::variables_map& values, const diagnose::Facts& facts,
                         Context& context) {
  if (values.count("facts-out") == 0) return false;
  const std::string name = values["facts-out"].as<std::string>();
  const Result<void> written =
      write_to(name, diagnose::facts_to_json(diagnose::without_home_folder(facts)), context);
  return written ? Result<bool>(is_standard_output(name)) : written.error();
}

Result<void> write_reports(const po::variables_map& values, const diagnose::Facts& facts,
                           const diagnose::Report& report, const diagnose::RunInfo& run,
                           Context& context) {
  if (values.count("html") != 0) {
    Result<void> written =
        write_to(values["html"].as<std::string>(), diagnose::report_html(report, run), context);
    if (!written) return written;
  }
  if (values.count("bundle") != 0) {
    return write_bundle(values["bundle"].as<std::string>(), bundle_of(facts, report, run),
                        values["yes"].as<bool>(), context);
  }
  return {};
}

}  // namespace hfauth::cli
