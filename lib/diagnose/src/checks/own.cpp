// SPDX-License-Identifier: Apache-2.0
//
// HFA001, HFA002: what the doctor itself could not do, so that it has a place among the findings
// and in every form of the report. Never a word on a token.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

namespace hfauth::diagnose {
namespace {

std::optional<Finding> find_own(const View& view, std::string_view id) {
  Finding finding = finding_of(id);
  for (const Incomplete& incomplete : view.facts.incomplete) {
    if (incomplete.id == id) {
      finding.evidence.push_back({EvidenceKind::text, incomplete.reason, "", ""});
    }
  }
  return finding.evidence.empty() ? std::nullopt : std::optional(std::move(finding));
}

}  // namespace

std::optional<Finding> find_check_incomplete(const View& view) {
  std::optional<Finding> finding = find_own(view, "HFA001");
  if (finding) {
    finding->fixes.push_back(command_fix(FixSafety::manual, "hfauth doctor -v"));
  }
  return finding;
}

std::optional<Finding> find_check_crashed(const View& view) {
  std::optional<Finding> finding = find_own(view, "HFA002");
  if (finding) {
    finding->fixes.push_back(command_fix(FixSafety::manual, "hfauth doctor --facts-out facts.json",
                                         tr("for a report of the bug")));
  }
  return finding;
}

}  // namespace hfauth::diagnose
