// SPDX-License-Identifier: Apache-2.0
//
// What the scan found, as findings, as text and as JSON (docs/schema/doctor-1.json, run.mode
// "scan"). Nothing here sees a token: only masks and fingerprints.
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/leaks.hpp"
#include "json_parts.hpp"
#include "text_layout.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

struct KindInfo {
  LeakKind kind;
  const char* id;
  Severity severity;
  const char* title;
  const char* why;
  const char* remedy;
};

constexpr std::array kKinds{
    KindInfo{LeakKind::git_history, "HFA903", Severity::error,
             tr_later("A token is in the history of a git repository"),
             tr_later("Everybody who clones it has the token, also after a later commit took it "
                      "out."),
             tr_later("end the token first; then rewrite the history (git filter-repo) if it was "
                      "never pushed")},
    KindInfo{LeakKind::git_index, "HFA903", Severity::error,
             tr_later("A token is in a file that git keeps"),
             tr_later("With the next push, or already, everybody who clones it has the token."),
             tr_later("end the token, take it out of the file, and read it from HF_TOKEN there")},
    KindInfo{LeakKind::remote_url, "HFA810", Severity::error,
             tr_later("A token is part of a remote's address"),
             tr_later("It stands in plain text in the repository's configuration, in logs and in "
                      "error messages."),
             tr_later("git remote set-url NAME https://huggingface.co/ORG/NAME, and let a "
                      "credential helper keep the token")},
    KindInfo{LeakKind::file, "HFA907", Severity::error, tr_later("A token is in a file"),
             tr_later("Logs, scripts and bundles are copied and posted; the token goes with them."),
             tr_later("end the token if the file was ever passed on; else take it out")},
    KindInfo{LeakKind::notebook, "HFA902", Severity::error, tr_later("A token is in a notebook"),
             tr_later("Notebooks are shared with their cells and outputs."),
             tr_later("use a secret of the notebook's host, or getpass(); clear the outputs")},
    KindInfo{LeakKind::shell_history, "HFA901", Severity::warning,
             tr_later("A token was typed on a command line"),
             tr_later("The shell wrote it to its history, in plain text, for ever."),
             tr_later("delete the line; hfauth login asks for a token without showing it")},
    KindInfo{LeakKind::process_arguments, "HFA905", Severity::warning,
             tr_later("A token is in the arguments of a running program"),
             tr_later("Every user of this machine can see the arguments of every program."),
             tr_later("hand the token over as HF_TOKEN or as a file, and start it anew")},
    KindInfo{LeakKind::env_file, "HFA906", Severity::warning,
             tr_later("A token is in a .env or compose file"),
             tr_later("Such files are copied into images and committed by mistake."),
             tr_later("chmod 600, and a line in .gitignore; or: hfauth exec -- COMMAND")},
    KindInfo{LeakKind::dotfile, "HFA904", Severity::info,
             tr_later("A token is in a dotfile, in plain text"),
             tr_later("Every program that you start can read it there."),
             tr_later("hfauth login keeps it in the keyring; then delete the line")},
};

std::string line_of(const Leak& leak, const LeakReport& report) {
  const LeakedToken& token = report.tokens[leak.token];
  std::string text = token.mask + "  fp " + token.fingerprint;
  if (leak.cell != 0) {
    text += "  " + fmt::format(fmt::runtime(tr("cell {}")), leak.cell);
  }
  if (!leak.commit.empty()) {
    text += "  " + fmt::format(fmt::runtime(tr("commit {}")), leak.commit);
  }
  if (leak.open) {
    text += std::string("  ") + tr("others may read the file");
  }
  if (leak.unignored) {
    text += std::string("  ") + tr("not in .gitignore");
  }
  if (token.verdict == LeakVerdict::alive) {
    text += "  " + fmt::format(fmt::runtime(tr("still works: {}")), token.account);
  } else if (token.verdict == LeakVerdict::dead) {
    text += std::string("  ") + tr("does not work any more");
  } else if (token.verdict == LeakVerdict::unknown) {
    text += std::string("  ") + tr("the Hub did not say whether it works");
  }
  return text;
}

std::string place_of(const Leak& leak) {
  return leak.line == 0 ? leak.where : leak.where + ":" + std::to_string(leak.line);
}

EvidenceKind evidence_kind(LeakKind kind) {
  return kind == LeakKind::process_arguments ? EvidenceKind::process
         : kind == LeakKind::remote_url      ? EvidenceKind::config
                                             : EvidenceKind::file;
}

Fix rotation() {
  return {FixSafety::manual,
          false,
          tr("then replace the token"),
          {{tr("create a new token and store it"), "hfauth login --force",
            "https://huggingface.co/settings/tokens/new?preset=read-only"},
           {tr("end the old one for everybody, after a question for each"), "hfauth scan --revoke",
            ""}}};
}

bool all_dead(const LeakReport& report) {
  return std::all_of(report.tokens.begin(), report.tokens.end(),
                     [](const LeakedToken& token) { return token.verdict == LeakVerdict::dead; });
}

std::string_view name_of(LeakVerdict verdict) {
  switch (verdict) {
    case LeakVerdict::alive:
      return "valid";
    case LeakVerdict::dead:
      return "invalid";
    case LeakVerdict::unknown:
      return "unknown";
    case LeakVerdict::not_asked:
      break;
  }
  return "not_checked";
}

std::string headline(const LeakReport& report) {
  if (report.leaks.empty()) {
    return fmt::format(fmt::runtime(tr("No token in {} places.")), report.n_places);
  }
  return fmt::format(fmt::runtime(tr("Tokens: {0}, findings: {1}, places searched: {2}.")),
                     report.tokens.size(), report.leaks.size() + report.left_out, report.n_places);
}

}  // namespace

std::vector<Finding> findings_of(const LeakReport& report) {
  std::vector<Finding> findings;
  for (const KindInfo& info : kKinds) {
    Finding finding;
    bool in_its_place = true;  // a .env file that its owner alone reads and git ignores
    for (const Leak& leak : report.leaks) {
      if (leak.kind == info.kind) {
        finding.evidence.push_back({evidence_kind(leak.kind), line_of(leak, report), place_of(leak),
                                    "", static_cast<int>(leak.line)});
        in_its_place =
            in_its_place && leak.kind == LeakKind::env_file && !leak.open && !leak.unignored;
      }
    }
    if (finding.evidence.empty()) {
      continue;
    }
    const auto known = std::find_if(findings.begin(), findings.end(),
                                    [&](const Finding& other) { return other.id == info.id; });
    if (known != findings.end()) {
      known->evidence.insert(known->evidence.end(), finding.evidence.begin(),
                             finding.evidence.end());
      continue;
    }
    finding.id = info.id;
    finding.slug = finding_of(info.id).slug;
    finding.severity = in_its_place ? Severity::info : info.severity;
    finding.confidence = Confidence::likely;  // its shape; the Hub alone knows
    finding.title = tr(info.title);
    finding.why = tr(info.why);
    finding.fixes.push_back({FixSafety::manual, false, "", {{tr(info.remedy), "", ""}}});
    findings.push_back(std::move(finding));
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  if (!findings.empty() && !all_dead(report)) {
    findings.front().fixes.push_back(rotation());
  }
  return findings;
}

int exit_code_of(const LeakReport& report, Severity fail_on) {
  const std::vector<Finding> findings = findings_of(report);
  const bool fails = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return fail_on != Severity::ok && finding.severity <= fail_on;
  });
  return fails ? 1 : report.unread.empty() ? 0 : 3;
}

std::string render_leaks(const LeakReport& report, const TextStyle& style) {
  static constexpr std::size_t kShown = 20;
  TextLayout layout(style, {tr("Why"), tr("Where"), tr("Fix"), "Fix A"});
  layout.paragraph(headline(report), 0, Role::heading);
  for (const Finding& finding : findings_of(report)) {
    layout.blank();
    layout.title(finding.id, finding.title, name_of(finding.severity), role_of(finding.severity));
    layout.labelled(tr("Why"), finding.why);
    for (std::size_t i = 0; i < std::min(finding.evidence.size(), kShown); ++i) {
      layout.labelled(i == 0 ? tr("Where") : " ", finding.evidence[i].where);
      layout.command(finding.evidence[i].text);
    }
    if (finding.evidence.size() > kShown) {
      layout.labelled(" ", fmt::format(fmt::runtime(tr("and {} more; --json lists them all")),
                                       finding.evidence.size() - kShown));
    }
    for (const Fix& fix : finding.fixes) {
      layout.fix(tr("Fix"), fix);
    }
  }
  if (!report.unread.empty()) {
    layout.blank();
    layout.paragraph(fmt::format(fmt::runtime(tr("Could not be read: {}")), report.unread.size()));
    for (std::size_t i = 0; i < std::min(report.unread.size(), kShown); ++i) {
      layout.labelled(" ", report.unread[i].first + ": " + report.unread[i].second);
    }
  }
  const bool asked = std::any_of(report.tokens.begin(), report.tokens.end(), [](const auto& token) {
    return token.verdict != LeakVerdict::not_asked;
  });
  if (!report.leaks.empty() && !asked) {
    layout.blank();
    layout.paragraph(
        tr("Nothing was sent to anybody. Only the Hub knows whether a token still works: "
           "--verify-leaks asks it."));
  }
  return std::move(layout).take();
}

std::string leaks_json(const LeakReport& report, const RunInfo& run, int exit_code) {
  nlohmann::ordered_json document = begin_json(run, "scan", "shell");
  const std::vector<Finding> findings = findings_of(report);
  nlohmann::ordered_json roots = nlohmann::ordered_json::array();
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    roots.push_back(finding.id);
    list.push_back(json_of(finding));
  }
  const bool blocked = !findings.empty() && findings.front().severity == Severity::error;
  document["verdict"] = {{"state", blocked                 ? "blocked"
                                   : !findings.empty()     ? "degraded"
                                   : report.unread.empty() ? "healthy"
                                                           : "unknown"},
                         {"exit_code", exit_code},
                         {"headline", headline(report)},
                         {"roots", std::move(roots)}};
  nlohmann::ordered_json tokens = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < report.tokens.size(); ++i) {
    const LeakedToken& token = report.tokens[i];
    nlohmann::ordered_json object{{"ref", "token-" + std::to_string(i + 1)},
                                  {"mask", token.mask},
                                  {"fingerprint", token.fingerprint},
                                  {"state", name_of(token.verdict)}};
    if (!token.account.empty()) {
      object["account"] = token.account;
    }
    tokens.push_back(std::move(object));
  }
  document["tokens"] = std::move(tokens);
  document["findings"] = std::move(list);
  nlohmann::ordered_json incomplete = nlohmann::ordered_json::array();
  for (const auto& [place, reason] : report.unread) {
    incomplete.push_back({{"id", "HFA001"}, {"reason", place + ": " + reason}});
  }
  document["incomplete"] = std::move(incomplete);
  document["scan"] = {{"places", report.n_places}, {"left_out", report.left_out}};
  return dump(document);
}

}  // namespace hfauth::diagnose
