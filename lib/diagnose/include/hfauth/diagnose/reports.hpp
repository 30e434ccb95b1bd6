// SPDX-License-Identifier: Apache-2.0
//
// The doctor's report in the forms of other programs: code scanning (SARIF), test results (JUnit),
// GitHub Actions, a bug report, a page for a browser. Pure; the texts are those of the report, with
// everything escaped for its form: much of it comes from variables, files and servers.
#pragma once

#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/render.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

/// What may leave the machine: tokens by their names in the report ("token-1") instead of their
/// masks, accounts as "user-1". Everything else is the same.
class Pseudonyms {
 public:
  explicit Pseudonyms(const Report& report);

  [[nodiscard]] std::string applied_to(std::string_view text) const;
  [[nodiscard]] Report applied_to(Report report) const;
  /// To every text in a JSON document, not to its keys; the document in several lines.
  [[nodiscard]] std::string applied_to_json(std::string_view document) const;

 private:
  struct Name {
    std::string real;
    std::string shown;
    bool whole_word;
  };

  std::vector<Name> names_;
};

/// SARIF 2.1.0, one run, one line of JSON: a rule for every check that ran, a result for every
/// finding.
[[nodiscard]] std::string report_sarif(const Report& report, const RunInfo& run);

/// JUnit's XML: a test case for every check that ran; errors and warnings are failures, what could
/// not be found out is skipped.
[[nodiscard]] std::string report_junit(const Report& report, const RunInfo& run);

/// GitHub-flavoured Markdown, to paste into a bug report.
[[nodiscard]] std::string report_markdown(const Report& report, const RunInfo& run);

/// Workflow commands of GitHub Actions: a line of ::error, ::warning or ::notice for each finding,
/// with file and line if it is about a file of the current folder.
[[nodiscard]] std::string report_github(const Report& report, const RunInfo& run);

/// For coding agents: rows of key=value, the roots whole and each symptom in a row.
[[nodiscard]] std::string report_agent(const Report& report);
/// The answer of `hfauth explain` in the same way.
[[nodiscard]] std::string explained_agent(const Explained& explained);

/// One HTML page that needs nothing else: verdict, where each client's token comes from (a
/// picture), findings, tokens. In the chosen language; light, dark and printable.
[[nodiscard]] std::string report_html(const Report& report, const RunInfo& run);

}  // namespace hfauth::diagnose
