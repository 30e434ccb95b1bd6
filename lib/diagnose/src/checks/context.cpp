// SPDX-License-Identifier: Apache-2.0
//
// HFA602: a context (--context) that finds no token, or another one, where the shell that asks has
// one. Without a context the services of this user are looked at (programs.cpp).
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

namespace hfauth::diagnose {
namespace {

bool is_variable(std::string_view where) {
  return !where.starts_with('/');
}

/// How this kind of context is given what the shell has. Words, no commands: they are for there.
Fix fix_for(std::string_view context) {
  const auto by_hand = [](std::string text) {
    return Fix{FixSafety::manual, false, "", {{std::move(text), "", ""}}};
  };
  const auto of = [&](std::string_view kind) { return context.starts_with(kind); };
  if (of("systemd:")) {
    return by_hand(
        tr("hand it over in the unit, out of a file that only its user may read: "
           "EnvironmentFile=%h/.config/hfauth/token.env"));
  }
  if (of("cron")) return by_hand(tr("run it through hfauth: hfauth exec -- PROGRAM"));
  if (of("sudo"))
    return by_hand(tr("let it through by name: sudo --preserve-env=HF_TOKEN PROGRAM"));
  if (of("container:")) return by_hand(tr("start it anew with -e HF_TOKEN, the name alone"));
  return by_hand(tr("start it anew from this shell"));
}

}  // namespace

std::optional<Finding> find_context_differs(const View& view) {
  if (view.facts.context.empty()) return find_service_without_variables(view);
  const HeldPlace& shell = view.facts.shell;
  const bool is_known = view.python.has_token() || !is_partly_unknown(view.facts);
  if (shell.where.empty() || view.python.raises || !is_known ||
      view.python.sent == shell.token.stand_in)
    return std::nullopt;
  Finding finding = finding_of("HFA602");
  finding.title = view.python.has_token()
                      ? fmt::format(fmt::runtime(tr("{} has another token than this shell")),
                                    view.facts.context)
                      : fmt::format(fmt::runtime(tr("{} does not have the token of this shell")),
                                    view.facts.context);
  if (view.python.has_token()) finding.severity = Severity::warning;
  finding.evidence.push_back(
      {is_variable(shell.where) ? EvidenceKind::env : EvidenceKind::file,
       fmt::format(fmt::runtime(tr("this shell: {} {} ({})")), shown(view.facts, shell.where),
                   shell.token.mask, shell.token.fingerprint),
       "", ""});
  if (const TokenValue* used = view.effective()) {
    Evidence there = value_evidence(view.facts, *used);
    there.text = view.facts.context + ": " + there.text;
    finding.evidence.push_back(std::move(there));
  }
  for (const token::ResolutionStep& step : view.python.steps) {
    if (view.python.has_token()) break;  // what it uses instead was told
    finding.evidence.push_back({EvidenceKind::config,
                                view.facts.context + ": " + shown(view.facts, step.where) + ": " +
                                    translated_reason(step.reason),
                                "", ""});
  }
  finding.fixes.push_back(fix_for(view.facts.context));
  return finding;
}

// As if it had been handed over.
std::optional<Facts> with_shell_token(const View& view) {
  if (view.facts.context.empty()) return std::nullopt;
  Facts changed = view.facts;
  changed.environment.set("HF_TOKEN", view.facts.shell.token.stand_in);
  changed.shell = {};
  return changed;
}

}  // namespace hfauth::diagnose
