// SPDX-License-Identifier: Apache-2.0
//
// JUnit's XML as Jenkins, GitLab and GitHub's reporters read it. Symptoms stand as failures that
// name their root.
#include "file_place.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/reports.hpp"
#include "markup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

enum class Outcome { passed, failed, skipped };

Outcome outcome_of(const Finding& finding) {
  switch (finding.severity) {
    case Severity::error:
    case Severity::warning:
      return Outcome::failed;
    case Severity::unknown:
    case Severity::skip:
      return Outcome::skipped;
    case Severity::info:
    case Severity::ok:
      break;
  }
  return Outcome::passed;
}

std::string details_of(const Finding& finding) {
  std::string text = in_markup(finding.why) + "\n";
  for (const Evidence& evidence : finding.evidence)
    text += in_markup(evidence.text) + "\n";
  for (const std::string& root : finding.caused_by)
    text += "caused by " + in_markup(root) + "\n";
  for (const Fix& fix : finding.fixes) {
    for (const FixStep& step : fix.steps) {
      const std::string& words = step.command.empty() ? step.text : step.command;
      text += "fix: " + in_markup(words) + "\n";
    }
  }
  return text;
}

/// Attributes by which reporters lead to the file; none for what is not about one.
std::string place_of(const Finding& finding) {
  const std::vector<FilePlace> places = file_places_of(finding);
  if (places.empty() || outcome_of(finding) != Outcome::failed) return "";
  const FilePlace& first = places.front();
  return fmt::format(" file=\"{}\"", in_markup(first.path)) +
         (first.line == 0 ? "" : fmt::format(" line=\"{}\"", first.line));
}

std::string case_of(const Finding& finding) {
  const std::string title = in_markup(finding.title);
  switch (outcome_of(finding)) {
    case Outcome::failed:
      return fmt::format("    <failure message=\"{}\" type=\"{}\">{}</failure>\n", title,
                         name_of(finding.severity), details_of(finding));
    case Outcome::skipped:
      return fmt::format("    <skipped message=\"{}\"/>\n", title);
    case Outcome::passed:
      break;
  }
  return fmt::format("    <system-out>{}\n{}</system-out>\n", title, details_of(finding));
}

}  // namespace

std::string report_junit(const Report& report, const RunInfo& run) {
  std::string cases;
  std::size_t n_tests = 0;
  std::size_t n_failures = 0;
  std::size_t n_skipped = 0;
  const auto add = [&](std::string_view name, Outcome outcome, std::string_view inner,
                       std::string_view place = "") {
    ++n_tests;
    n_failures += outcome == Outcome::failed ? 1U : 0U;
    n_skipped += outcome == Outcome::skipped ? 1U : 0U;
    cases += fmt::format("  <testcase classname=\"hfauth.doctor\" name=\"{}\"{}", in_markup(name),
                         place);
    cases += inner.empty() ? "/>\n" : fmt::format(">\n{}  </testcase>\n", inner);
  };
  std::vector<std::string> ids = report.checked;
  for (const Finding& finding : report.findings) {
    std::erase(ids, finding.id);
    add(finding.id + " " + finding.slug, outcome_of(finding), case_of(finding), place_of(finding));
  }
  for (const Incomplete& incomplete : report.incomplete) {
    std::erase(ids, incomplete.id);
    if (std::any_of(report.findings.begin(), report.findings.end(),
                    [&](const Finding& one) { return one.id == incomplete.id; })) {
      continue;  // HFA001 and HFA002 are findings too
    }
    add(incomplete.id, Outcome::skipped,
        fmt::format("    <skipped message=\"{}\"/>\n", in_markup(incomplete.reason)));
  }
  for (const std::string& id : ids) {
    const CheckInfo* const info = find_check(id);
    add(info == nullptr ? id : fmt::format("{} {}", id, info->slug), Outcome::passed, "");
  }
  const std::string counts = fmt::format(
      "tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"{:.3f}\"", n_tests,
      n_failures, n_skipped, static_cast<double>(run.duration.count()) / 1000.0);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"hfauth doctor\" {0}>\n"
      "<testsuite name=\"hfauth doctor\" {0} timestamp=\"{1}\">\n"
      "{2}</testsuite>\n</testsuites>\n",
      counts, format_utc(run.started), cases);
}

}  // namespace hfauth::diagnose
