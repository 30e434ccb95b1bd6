// SPDX-License-Identifier: Apache-2.0
//
// Which findings hfauth mends by itself: those for which changes.cpp knows a change, if the replay
// of the world after it is not worse.
#include "plan.hpp"

#include "changes.hpp"
#include "checks/check.hpp"
#include "hfauth/core/translate.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::diagnose {
namespace {

void count(const Finding& finding, RootCount& roots) {
  if (!finding.is_root) return;
  if (finding.severity == Severity::error) ++roots.errors;
  if (finding.severity == Severity::warning) ++roots.warnings;
  if (finding.severity == Severity::info) ++roots.notes;
}

RootCount count_roots(const Report& report) {
  RootCount roots;
  for (const Finding& finding : report.findings)
    count(finding, roots);
  return roots;
}

/// The repairs of one finding are made one after the other: the last one tells whether they help.
/// None is left if they take the token away.
void verify(const Facts& facts, const RootCount& before, std::vector<Repair>& of_one_finding) {
  if (of_one_finding.empty()) return;
  Facts world = facts;
  for (const Repair& repair : of_one_finding)
    world = after_repair(std::move(world), repair);
  if (ask_python(facts).has_token() && !ask_python(world).has_token()) {
    of_one_finding.clear();
    return;
  }
  std::vector<Hit> after = run_checks(world);
  find_causes(world, after);
  const bool is_left = std::any_of(after.begin(), after.end(), [&](const Hit& hit) {
    return hit.finding.id == of_one_finding.front().finding;
  });
  const bool helps = !is_left && count_roots(after) < before;
  for (Repair& repair : of_one_finding)
    repair.verified = helps;
}

}  // namespace

RootCount count_roots(const std::vector<Hit>& hits) {
  RootCount roots;
  for (const Hit& hit : hits)
    count(hit.finding, roots);
  return roots;
}

std::vector<Repair> plan_repairs(const Facts& facts, const Report& report,
                                 const RootCount& before) {
  std::vector<Repair> repairs;
  for (const Finding& finding : report.findings) {
    if (!finding.is_root || finding.acknowledged) continue;
    std::vector<Repair> own;
    for (PlannedChange& planned : changes_for(facts, finding)) {
      std::string title = title_of(facts, planned.change);
      own.push_back(
          {std::move(planned.change), finding.id, planned.safety, std::move(title), false});
    }
    verify(facts, before, own);
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
  const RootCount now = count_roots(after);
  const RootCount then = count_roots(before);
  return std::pair(now.errors, now.warnings) > std::pair(then.errors, then.warnings) ||
         (!before.token_ref.empty() && after.token_ref.empty());
}

void add_repairs(const Facts& facts, const RootCount& before, Report& report) {
  report.repairs = plan_repairs(facts, report, before);
  for (Finding& finding : report.findings) {
    Fix fix;
    for (const Repair& repair : report.repairs) {
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
