// SPDX-License-Identifier: Apache-2.0
//
// Which findings hfauth mends by itself (facts/doctor.md §3.5): own files and modes are safe, the
// user's start-up files are not. A finding about a variable is mended at the lines that set it;
// where no such line is known (docker -e, a unit) there is nothing to change.
#include "causes.hpp"
#include "checks/check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace hfauth::diagnose {
namespace {

using Kind = FixChange::Kind;

struct Rule {
  std::string_view finding;
  Kind kind;
  FixSafety safety;
};

constexpr std::array kRules{
    Rule{"HFA101", Kind::comment_line, FixSafety::unsafe},
    Rule{"HFA103", Kind::rename_variable, FixSafety::unsafe},
    Rule{"HFA105", Kind::comment_line, FixSafety::unsafe},
    Rule{"HFA201", Kind::rewrite_token, FixSafety::safe},
    Rule{"HFA202", Kind::rewrite_token, FixSafety::safe},
    Rule{"HFA203", Kind::rewrite_token, FixSafety::unsafe},
    Rule{"HFA204", Kind::rewrite_token, FixSafety::safe},
    Rule{"HFA501", Kind::comment_line, FixSafety::unsafe},
    Rule{"HFA802", Kind::move_aside, FixSafety::unsafe},
    Rule{"HFA805", Kind::restrict_mode, FixSafety::safe},
    Rule{"HFA904", Kind::comment_line, FixSafety::unsafe},
    Rule{"HFA906", Kind::restrict_mode, FixSafety::safe},
};

bool is_lease(const Facts& facts, const std::string& path) {
  const auto& leases = facts.agent.lease_paths;
  return std::find(leases.begin(), leases.end(), path) != leases.end() ||
         (!facts.agent.runtime.empty() && path.starts_with(facts.agent.runtime + "/"));
}

std::string title_of(const Facts& facts, const FixChange& change) {
  const std::string path = shown(facts, change.path);
  switch (change.kind) {
    case Kind::comment_line:
      return fmt::format(fmt::runtime(tr("comment out line {} of {}")), change.line, path);
    case Kind::rename_variable:
      return fmt::format(fmt::runtime(tr("rename the variable in line {} of {}")), change.line,
                         path);
    case Kind::rewrite_token:
      return fmt::format(fmt::runtime(tr("leave nothing but the token in {}")), path);
    case Kind::restrict_mode:
      return fmt::format(fmt::runtime(tr("let nobody else read {}")), path);
    case Kind::move_aside:
      break;
  }
  return fmt::format(fmt::runtime(tr("move {} out of the way")), path);
}

/// The file of a finding: the effective token's, or the one its evidence names.
std::string file_of(const Facts& facts, const Finding& finding, Kind kind) {
  if (kind == Kind::rewrite_token) {
    const TokenValue* value = value_at(facts, ask_python(facts).where);
    return value != nullptr && value->source == ValueSource::file ? value->where : "";
  }
  for (const Evidence& evidence : finding.evidence) {
    for (const TokenFile& file : facts.files) {
      if (evidence.where == file.path || evidence.where == shown(facts, file.path))
        return file.path;
    }
  }
  return "";
}

/// The first variable that the finding shows: the culprit.
std::string variable_of(const Finding& finding) {
  const auto shown = std::find_if(
      finding.evidence.begin(), finding.evidence.end(),
      [](const Evidence& one) { return one.kind == EvidenceKind::env && !one.where.empty(); });
  return shown == finding.evidence.end() ? "" : shown->where;
}

std::vector<FixChange> changes_for(const Facts& facts, const Finding& finding, const Rule& rule) {
  std::vector<FixChange> changes;
  if (rule.kind == Kind::comment_line || rule.kind == Kind::rename_variable) {
    const std::string variable = variable_of(finding);
    for (const SettingLine& line : facts.setting_lines) {
      if (line.variable == variable)
        changes.push_back({rule.kind, line.path, line.line, line.variable});
    }
    return changes;
  }
  std::string path = file_of(facts, finding, rule.kind);
  if (!path.empty() && !is_lease(facts, path))
    changes.push_back({rule.kind, std::move(path), 0, {}});
  return changes;
}

std::pair<std::size_t, std::size_t> weight_of(const Report& report) {
  const auto count = [&](Severity severity) {
    return static_cast<std::size_t>(
        std::count_if(report.findings.begin(), report.findings.end(),
                      [&](const Finding& one) { return one.is_root && one.severity == severity; }));
  };
  return {count(Severity::error), count(Severity::warning)};
}

bool has_finding(const Report& report, const std::string& id) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const Finding& one) { return one.id == id; });
}

void forget_line(Facts& facts, const FixChange& change) {
  std::erase_if(facts.setting_lines, [&](const SettingLine& line) {
    return line.path == change.path && line.line == change.line;
  });
  const bool is_still_set =
      std::any_of(facts.setting_lines.begin(), facts.setting_lines.end(),
                  [&](const SettingLine& line) { return line.variable == change.variable; });
  if (is_still_set) return;
  facts.environment.unset(change.variable);
  std::erase_if(facts.values, [&](const TokenValue& value) {
    return value.source == ValueSource::env && value.where == change.variable;
  });
}

void rename_variable(Facts& facts, const FixChange& change) {
  static constexpr const char* kName = "HF_TOKEN";
  const std::optional<std::string> value = facts.environment.get(change.variable);
  forget_line(facts, change);
  if (value && !facts.environment.get(change.variable)) facts.environment.set(kName, *value);
}

/// The file with the token alone, as far as a replay knows how that looks.
void rewrite_token(Facts& facts, const FixChange& change) {
  for (TokenValue& value : facts.values) {
    if (value.where != change.path || value.repaired.empty()) continue;
    value.stand_in = value.repaired;
    value.sent = value.repaired;
    value.sendable = true;
    value.faults.clear();
    for (TokenFile& file : facts.files) {
      if (file.path == change.path) file.stand_in = value.repaired;
    }
  }
}

void change_file(Facts& facts, const FixChange& change) {
  for (TokenFile& file : facts.files) {
    if (file.path != change.path) continue;
    if (change.kind == Kind::restrict_mode) {
      file.mode &= ~077U;
    } else {
      file.kind = token::FileState::Kind::missing;
      file.mode = 0;
    }
  }
}

/// The repairs of one finding are made one after the other: the last one tells whether they help.
void verify(const Facts& facts, const Report& report, std::vector<Repair>& of_one_finding) {
  Facts world = facts;
  for (const Repair& repair : of_one_finding)
    world = after_repair(world, repair);
  std::vector<Hit> hits = run_checks(world);
  find_causes(world, hits);
  Report after;
  for (Hit& hit : hits)
    after.findings.push_back(std::move(hit.finding));
  const bool helps = !of_one_finding.empty() &&
                     !has_finding(after, of_one_finding.front().finding) &&
                     weight_of(after) < weight_of(report);
  for (Repair& repair : of_one_finding)
    repair.verified = helps;
}

}  // namespace

std::vector<Repair> plan_repairs(const Facts& facts, const Report& report) {
  std::vector<Repair> repairs;
  for (const Finding& finding : report.findings) {
    const auto rule = std::find_if(kRules.begin(), kRules.end(),
                                   [&](const Rule& one) { return one.finding == finding.id; });
    if (!finding.is_root || rule == kRules.end()) continue;
    std::vector<Repair> own;
    for (FixChange& change : changes_for(facts, finding, *rule)) {
      std::string title = title_of(facts, change);
      own.push_back({std::move(change), finding.id, rule->safety, std::move(title), false});
    }
    verify(facts, report, own);
    for (Repair& repair : own) {
      const bool is_planned = std::any_of(repairs.begin(), repairs.end(), [&](const Repair& one) {
        return one.change == repair.change;
      });
      if (!is_planned) repairs.push_back(std::move(repair));
    }
  }
  return repairs;
}

Facts after_repair(const Facts& facts, const Repair& repair) {
  Facts after = facts;
  switch (repair.change.kind) {
    case Kind::comment_line:
      forget_line(after, repair.change);
      break;
    case Kind::rename_variable:
      rename_variable(after, repair.change);
      break;
    case Kind::rewrite_token:
      rewrite_token(after, repair.change);
      break;
    case Kind::restrict_mode:
    case Kind::move_aside:
      change_file(after, repair.change);
      break;
  }
  return after;
}

bool is_worse(const Report& after, const Report& before) {
  return weight_of(after) > weight_of(before) ||
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
