// SPDX-License-Identifier: Apache-2.0
//
// Which findings hfauth mends by itself: those for which changes.cpp knows a change, if the replay
// of the world after it is not worse.
#include "causes.hpp"
#include "changes.hpp"
#include "checks/check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/repair.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace hfauth::diagnose {
namespace {

/// What is good to know weighs least: more of it makes nothing worse.
std::tuple<std::size_t, std::size_t, std::size_t> weight_of(const Report& report) {
  const auto count = [&](Severity severity) {
    return static_cast<std::size_t>(
        std::count_if(report.findings.begin(), report.findings.end(),
                      [&](const Finding& one) { return one.is_root && one.severity == severity; }));
  };
  return {count(Severity::error), count(Severity::warning), count(Severity::info)};
}

bool has_finding(const Report& report, const std::string& id) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const Finding& one) { return one.id == id; });
}

Report diagnosis_of(const Facts& facts) {
  std::vector<Hit> hits = run_checks(facts);
  find_causes(facts, hits);
  Report report;
  for (Hit& hit : hits)
    report.findings.push_back(std::move(hit.finding));
  return report;
}

/// The repairs of one finding are made one after the other: the last one tells whether they help.
/// None is left if they take the token away.
void verify(const Facts& facts, const Report& before, std::vector<Repair>& of_one_finding) {
  Facts world = facts;
  for (const Repair& repair : of_one_finding)
    world = after_repair(world, repair);
  if (ask_python(facts).has_token() && !ask_python(world).has_token()) {
    of_one_finding.clear();
    return;
  }
  const Report after = diagnosis_of(world);
  const bool helps =
      !has_finding(after, of_one_finding.front().finding) && weight_of(after) < weight_of(before);
  for (Repair& repair : of_one_finding)
    repair.verified = helps;
}

}  // namespace

std::vector<Repair> plan_repairs(const Facts& facts, const Report& report) {
  std::vector<Repair> repairs;
  std::optional<Report> before;  // of all checks, whatever the report was asked for
  for (const Finding& finding : report.findings) {
    if (!finding.is_root || finding.acknowledged) continue;
    std::vector<Repair> own;
    for (PlannedChange& planned : changes_for(facts, finding)) {
      std::string title = title_of(facts, planned.change);
      own.push_back(
          {std::move(planned.change), finding.id, planned.safety, std::move(title), false});
    }
    if (own.empty()) continue;
    if (!before) before = diagnosis_of(facts);
    verify(facts, *before, own);
    for (Repair& repair : own) {
      const bool is_planned = std::any_of(repairs.begin(), repairs.end(), [&](const Repair& one) {
        return one.change == repair.change;
      });
      if (!is_planned) repairs.push_back(std::move(repair));
    }
  }
  return repairs;
}

bool is_worse(const Report& after, const Report& before) {
  const auto [errors, warnings, notes] = weight_of(after);
  const auto [errors_before, warnings_before, notes_before] = weight_of(before);
  return std::pair(errors, warnings) > std::pair(errors_before, warnings_before) ||
         (!before.token_ref.empty() && after.token_ref.empty());
}

void add_repairs(const Facts& facts, Report& report) {
  const std::vector<Repair> repairs = plan_repairs(facts, report);
  for (Finding& finding : report.findings) {
    Fix fix;
    for (const Repair& repair : repairs) {
      if (repair.finding != finding.id) continue;
      fix.safety = repair.safety;
      fix.verified = repair.verified;
      fix.changes.push_back(repair.change);
      fix.changes.back().path = shown(facts, repair.change.path);
      fix.changes.back().value = shown(facts, repair.change.value);
      fix.steps.push_back({repair.title, "", ""});
    }
    if (fix.changes.empty()) continue;
    fix.title = tr("let hfauth do it; hfauth undo takes it back");
    fix.steps.push_back(
        {"",
         (fix.safety == FixSafety::safe ? "hfauth doctor --fix --only "
                                        : "hfauth doctor --fix --unsafe-fixes --only ") +
             finding.id,
         ""});
    finding.fixes.push_back(std::move(fix));
  }
}

}  // namespace hfauth::diagnose
