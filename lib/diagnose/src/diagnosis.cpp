// SPDX-License-Identifier: Apache-2.0
//
// The verdict: what the findings come to, in one line, one state and one exit status
// (facts/doctor.md §3.7: 0 nothing at the level of --fail-on, 1 something, 3 nothing but a question
// that could not be answered).
#include "hfauth/diagnose/diagnosis.hpp"

#include "causes.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/client_answer.hpp"
#include "repair/plan.hpp"
#include "token_reports.hpp"
#include "tried_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

bool contains(const std::vector<std::string>& ids, std::string_view id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool is_wanted(const DiagnosisOptions& options, std::string_view id) {
  return (options.only.empty() || contains(options.only, id)) && !contains(options.skip, id);
}

std::size_t count_roots(const Report& report, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(report.findings.begin(), report.findings.end(),
                    [&](const Finding& one) { return one.is_root && one.severity == severity; }));
}

bool has(const Report& report, std::string_view id) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [id](const Finding& one) { return one.id == id; });
}

// Findings with the roots first, as the table orders them, and the symptoms behind.
std::vector<Finding> ordered(const std::vector<Hit>& hits, const DiagnosisOptions& options) {
  std::vector<Finding> findings;
  for (const bool roots : {true, false}) {
    for (const Hit& hit : hits) {
      if (hit.finding.is_root == roots && is_wanted(options, hit.check->id)) {
        findings.push_back(hit.finding);
      }
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    const auto weight = [](const Finding& one) {
      return !one.is_root                        ? 4
             : one.severity == Severity::error   ? 0
             : one.severity == Severity::warning ? 1
             : one.severity == Severity::unknown ? 2
                                                 : 3;
    };
    return weight(a) < weight(b);
  });
  return findings;
}

/// What the user knows of counts no more, and is told in one line.
void acknowledge(const DiagnosisOptions& options, std::vector<Hit>& hits) {
  for (Hit& hit : hits) {
    const auto known =
        std::find_if(options.acknowledged.begin(), options.acknowledged.end(),
                     [&](const Acknowledgement& one) { return one.id == hit.finding.id; });
    if (known == options.acknowledged.end()) continue;
    hit.finding.acknowledged = *known;
    hit.finding.severity = Severity::info;
  }
}

bool misses_something(const Report& report) {
  return count_roots(report, Severity::unknown) > 0 ||
         std::any_of(report.incomplete.begin(), report.incomplete.end(),
                     [](const Incomplete& incomplete) { return incomplete.needed; });
}

VerdictState state_of(const Report& report) {
  if (count_roots(report, Severity::error) > 0) {
    return VerdictState::blocked;
  }
  if (count_roots(report, Severity::warning) > 0) {
    return VerdictState::degraded;
  }
  if (misses_something(report)) {
    return VerdictState::unknown;
  }
  return has(report, "HFA110") || has(report, "HFA701") ? VerdictState::degraded
                                                        : VerdictState::healthy;
}

int exit_code_of(const Report& report, FailOn fail_on) {
  const bool errors = count_roots(report, Severity::error) > 0;
  const bool warnings = count_roots(report, Severity::warning) > 0;
  if ((errors && fail_on != FailOn::never) || (warnings && fail_on == FailOn::warning)) {
    return 1;
  }
  return misses_something(report) ? 3 : 0;
}

std::string signed_in_line(const Report& report) {
  const auto token =
      std::find_if(report.tokens.begin(), report.tokens.end(),
                   [&](const TokenReport& one) { return one.ref == report.token_ref; });
  if (token == report.tokens.end()) {
    return "";
  }
  if (token->state == "valid") {
    std::string text =
        token->role.empty()
            ? fmt::format(fmt::runtime(tr("Signed in as {}")), token->account)
            : fmt::format(fmt::runtime(tr("Signed in as {} ({})")), token->account, token->role);
    text += token->display_name.empty() ? fmt::format(fmt::runtime(tr(", token {}")), token->mask)
                                        : fmt::format(fmt::runtime(tr(", token \"{}\" {}")),
                                                      token->display_name, token->mask);
    return text + ".";
  }
  return fmt::format(
      fmt::runtime(token->state == "unknown"
                       ? tr("There is a token, {}; whether the Hub accepts it is not known.")
                       : tr("There is a token, {}; the Hub was not asked about it.")),
      token->mask);
}

// Which tokens are stored could not be asked, or not all of the context be read.
bool is_source_unknown(const Report& report) {
  return std::any_of(report.incomplete.begin(), report.incomplete.end(), [](const Incomplete& one) {
    return one.id == "probe-agent" || one.id == kContextProbe;
  });
}

std::string blocked_headline(const Report& report, std::size_t errors, std::size_t warnings) {
  const std::vector<Fix>& fixes = report.findings.front().fixes;
  const bool cured =
      errors == 1 && !fixes.empty() && fixes.front().verified;  // "the" fix: the next
  std::string text = errors == 1 ? std::string(tr("1 problem stops you."))
                                 : fmt::format(fmt::runtime(tr("{} problems stop you.")), errors);
  if (warnings > 0) {
    text += " " + (warnings == 1 ? std::string(tr("1 warning."))
                                 : fmt::format(fmt::runtime(tr("{} warnings.")), warnings));
  }
  return cured ? text + " " + tr("The fix was tried in a replay and works.") : text;
}

std::string headline_of(const Report& report, const Facts& facts) {
  const std::size_t errors = count_roots(report, Severity::error);
  const std::size_t warnings = count_roots(report, Severity::warning);
  if (errors > 0) {
    return blocked_headline(report, errors, warnings);
  }
  if (has(report, "HFA503")) {
    return report.token_ref.empty()
               ? tr("The Hub cannot be reached; there is no token to judge.")
               : tr("The Hub cannot be reached, so your token was not judged.");
  }
  if (report.token_ref.empty() && is_source_unknown(report)) {
    return tr("Not known: whether you are logged in.");
  }
  if (has(report, "HFA118")) {
    return report.findings.front().title + ".";
  }
  if (has(report, "HFA701") || has(report, "HFA110")) {
    return tr(
        "Not logged in. Public models work, with lower limits; gated and private ones do not.");
  }
  if (has(report, "HFA117")) {
    return tr("The agent is locked: no token until it is unlocked.");
  }
  std::string text = signed_in_line(report);
  if (warnings > 0) {
    text = (warnings == 1 ? std::string(tr("1 warning."))
                          : fmt::format(fmt::runtime(tr("{} warnings.")), warnings)) +
           (text.empty() ? "" : " " + text);
  }
  if (text.empty()) {
    return facts.environment.non_empty("HF_OIDC_RESOURCE")
               ? tr("Keyless: a token is made for each run.")
               : tr("Nothing to complain about.");
  }
  return text;
}

bool is_for_a_cell(std::string_view command) {
  return command.starts_with("from ") || command.starts_with("import ");
}

// What can be pasted as it is where the doctor runs: a cell's Python in a notebook alone, and
// nothing that is left to be filled in.
bool is_ready(const Report& report, std::string_view command) {
  static constexpr std::array<std::string_view, 8> kOpen{
      "...", "/path/to", "/absolute/path", "/NAME", "PROGRAM", "REPO", "{name:", " URL"};
  const bool in_notebook =
      report.runtime == "colab" || report.runtime == "kaggle" || report.runtime == "jupyter";
  return !command.empty() && (in_notebook || !is_for_a_cell(command)) &&
         std::none_of(kOpen.begin(), kOpen.end(), [command](std::string_view open) {
           return command.find(open) != std::string_view::npos;
         });
}

std::string command_of(const Report& report, const Finding& finding) {
  for (const Fix& fix : finding.fixes) {
    for (const FixStep& step : fix.steps) {
      if (is_ready(report, step.command)) {
        return step.command;
      }
    }
  }
  return "";
}

bool is_worth_a_command(const Finding& finding) {
  static constexpr std::array kInformation{"HFA110", "HFA116", "HFA701"};
  return finding.is_root && !finding.acknowledged &&
         (finding.severity != Severity::info ||
          std::find(kInformation.begin(), kInformation.end(), finding.id) != kInformation.end());
}

// What stops the user goes first, then what could not be found out, then what is good to know.
std::string next_command(const Report& report) {
  std::string later;
  for (const Finding& finding : report.findings) {
    std::string command = is_worth_a_command(finding) ? command_of(report, finding) : "";
    // What is for another context is no command for this shell.
    if (command.empty() || (!report.context.empty() && !command.starts_with("hfauth"))) {
      continue;
    }
    if (finding.severity == Severity::error) {
      return is_for_a_cell(command) ? command : command + " && hfauth doctor";
    }
    if (finding.severity == Severity::warning) {
      return command;
    }
    later = later.empty() ? command : later;
  }
  for (const Incomplete& incomplete : report.incomplete) {
    if (!incomplete.next.empty()) {
      return incomplete.next;
    }
  }
  return later;
}

std::string runtime_name(const RuntimeFacts& runtime) {
  if (runtime.colab) return "colab";
  if (runtime.kaggle) return "kaggle";
  if (runtime.space) return "space";
  if (runtime.ci) return "ci";
  if (runtime.jupyter) return "jupyter";
  if (runtime.systemd) return "systemd";
  if (runtime.container) return "container";
  return runtime.shell.empty() ? "unknown" : "shell";
}

// A token whose verdict is missing although the Hub answers: rate-limited, or an answer that was
// not the Hub's.
void add_unknown_verdicts(const Facts& facts, Report& report) {
  for (const TokenVerdict& verdict : facts.hub.verdicts) {
    const auto token =
        std::find_if(report.tokens.begin(), report.tokens.end(), [&](const TokenReport& one) {
          return one.ref == report.token_ref && one.sent == verdict.sent;
        });
    if (verdict.verdict == hub::Verdict::unknown && token != report.tokens.end()) {
      report.incomplete.push_back(
          {"HFA301", verdict.failure.empty() ? std::to_string(verdict.status) : verdict.failure,
           ""});
    }
  }
}

}  // namespace

std::string_view name_of(VerdictState state) noexcept {
  switch (state) {
    case VerdictState::healthy:
      return "healthy";
    case VerdictState::degraded:
      return "degraded";
    case VerdictState::blocked:
      return "blocked";
    case VerdictState::unknown:
      break;
  }
  return "unknown";
}

std::vector<std::string> check_ids() {
  std::vector<std::string> ids;
  for (const Check& check : checks()) {
    ids.emplace_back(check.id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Result<std::vector<std::string>> parse_check_list(const std::string& words) {
  const std::vector<std::string> known = check_ids();
  std::vector<std::string> ids;
  for (std::size_t begin = 0; begin <= words.size();) {
    const std::size_t end = std::min(words.find(',', begin), words.size());
    const std::string word = words.substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) {
      continue;
    }
    const CheckInfo* const info = find_check(word);
    if (info == nullptr || !contains(known, info->id)) {
      return Error{Errc::usage, word + " is no check of the doctor; hfauth doctor -v lists them"};
    }
    ids.emplace_back(info->id);
  }
  return ids;
}

Report diagnose(const Facts& facts, const DiagnosisOptions& options) {
  Report report;
  std::vector<Hit> hits = run_checks(facts);
  find_causes(facts, hits);
  const RootCount roots = count_roots(hits);
  acknowledge(options, hits);
  report.findings = ordered(hits, options);
  for (const Finding& finding : report.findings) {
    // What is only good to know, and asks for nothing, is no cause of anything.
    const bool asks = finding.severity != Severity::info || !finding.fixes.empty();
    if (finding.is_root && asks && !finding.acknowledged) {
      report.roots.push_back(finding.id);
    }
  }
  report.checked = check_ids();
  const token::NamedClient client = asked_client(facts);
  std::erase_if(report.checked, [&](const std::string& id) {
    return !is_wanted(options, id) || !concerns(id, client);
  });
  report.checks_run = report.checked.size();
  report.offline = !facts.hub.asked && facts.hub.endpoint_problem.empty();
  report.incomplete = facts.incomplete;
  report.runtime = runtime_name(facts.runtime);
  report.context = facts.context;
  report.scripts = facts.scripts;
  for (ScriptFacts& script : report.scripts)
    script.path = shown(facts, script.path);
  add_tokens_and_clients(facts, report);
  add_unknown_verdicts(facts, report);
  if (facts.all_tried) add_tried(facts, report);
  report.state = state_of(report);
  report.exit_code = exit_code_of(report, options.fail_on);
  report.headline = headline_of(report, facts);
  report.next = next_command(report);
  add_repairs(facts, roots, report);
  return report;
}

}  // namespace hfauth::diagnose
