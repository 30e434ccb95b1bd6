// SPDX-License-Identifier: Apache-2.0
//
// HFA601, HFA603, HFA604, HFA608, HFA609: other processes and other users. /proc shows what a
// process was started with and nothing later, so what it lacks is likely, never proven.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "remedies.hpp"
#include "session_answer.hpp"
#include "setting_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

const HeldToken* held_by(const SessionFacts& session, const std::string& sent) {
  const auto found = std::find_if(session.tokens.begin(), session.tokens.end(),
                                  [&](const HeldToken& token) { return token.stand_in == sent; });
  return found == session.tokens.end() ? nullptr : &*found;
}

std::string described(const SessionFacts& session) {
  return fmt::format(fmt::runtime(tr("pid {0} ({1}), started {2}")), session.pid, session.kind,
                     session.started.empty() ? "?" : session.started);
}

Evidence session_evidence(const SessionFacts& session, const PythonAnswer& inside) {
  const HeldToken* held = held_by(session, inside.sent);
  std::string what = held != nullptr ? fmt::format(fmt::runtime(tr("its variables hold {} ({})")),
                                                   held->mask, held->fingerprint)
                     : inside.has_token()
                         ? std::string(tr("finds a token in a file"))
                         : std::string(tr("its variables hold no token, and no file does"));
  return {EvidenceKind::process, described(session) + ": " + what,
          fmt::format("/proc/{}", session.pid), ""};
}

// The session is worse off than this shell: it has nothing, or a token that the Hub refuses, or an
// older one whose verdict is not known.
bool is_behind(const View& view, const PythonAnswer& inside) {
  if (!comes_from_environment(view.python) || !view.python.has_token() ||
      is_bad(view.facts, view.python.sent)) {
    return false;
  }
  if (!inside.has_token()) {
    return !inside.raises;
  }
  return comes_from_environment(inside) && inside.sent != view.python.sent &&
         !is_valid(view.facts, inside.sent);
}

std::optional<Finding> find_behind(const View& view, std::string_view id, bool editors) {
  Finding finding = finding_of(id);
  for (const SessionFacts& session : view.facts.sessions) {
    if ((session.kind == "editor") != editors) {
      continue;
    }
    const PythonAnswer inside = ask_session(view.facts, session);
    if (is_behind(view, inside)) {
      finding.evidence.push_back(session_evidence(session, inside));
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  finding.confidence = Confidence::likely;
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  for (Evidence& line : evidence_of_setting(view.facts, view.python.where)) {
    finding.evidence.push_back(std::move(line));
  }
  return finding;
}

}  // namespace

std::optional<Finding> find_session_behind(const View& view) {
  std::optional<Finding> finding = find_behind(view, "HFA601", false);
  if (finding) {
    finding->fixes.push_back(login_in_a_cell());
    finding->fixes.push_back({FixSafety::manual,
                              false,
                              tr("or start it anew"),
                              {{tr("restart the kernel or the server from this shell"), "", ""}}});
  }
  return finding;
}

std::optional<Finding> find_editor_behind(const View& view) {
  std::optional<Finding> finding = find_behind(view, "HFA608", true);
  if (finding) {
    finding->fixes.push_back(
        {FixSafety::manual,
         false,
         "",
         {{tr("VS Code: \"Remote: Kill VS Code Server on Host\", then open the folder again"), "",
           ""}}});
  }
  return finding;
}

std::optional<Facts> without_sessions(const View& view) {
  Facts changed = view.facts;
  changed.sessions.clear();
  // What such a session printed is explained too.
  std::erase_if(changed.said, [](const SaidMessage& one) { return one.check == "HFA110"; });
  return changed;
}

std::optional<Finding> find_different_sessions(const View& view) {
  Finding finding = finding_of("HFA609");
  for (const SessionFacts& session : view.facts.sessions) {
    const PythonAnswer inside = ask_session(view.facts, session);
    if (inside.has_token() && view.python.has_token() && inside.sent != view.python.sent &&
        !is_behind(view, inside)) {
      finding.evidence.push_back(session_evidence(session, inside));
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  finding.confidence = Confidence::likely;
  return finding;
}

std::optional<Finding> find_sudo_home(const View& view) {
  const SudoFacts& sudo = view.facts.sudo;
  if (sudo.user.empty() || sudo.home == view.facts.home || view.python.has_token() ||
      view.python.raises) {
    return std::nullopt;
  }
  const TokenValue* value = value_at(view.facts, sudo.home + "/.cache/huggingface/token");
  if (value == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA603");
  finding.evidence.push_back({EvidenceKind::env,
                              fmt::format(fmt::runtime(tr("SUDO_USER is {0}, and HOME is {1}")),
                                          sudo.user, view.facts.home),
                              "SUDO_USER", ""});
  finding.evidence.push_back(value_evidence(view.facts, *value));
  finding.fixes.push_back({FixSafety::manual, false, tr("run it without sudo"), {}});
  finding.fixes.push_back(replayed_fix(
      FixSafety::manual, "sudo HF_TOKEN_PATH=" + value->where + " ...", tr("or name the file")));
  finding.fixes.front().steps.push_back({tr("as the user who is logged in"), "", ""});
  return finding;
}

std::optional<Facts> with_sudo_users_home(const View& view) {
  Facts changed = view.facts;
  changed.home = view.facts.sudo.home;
  return changed;
}

std::optional<Finding> find_container_without_token(const View& view) {
  // By what stands in the environment: people work inside of containers too, on a machine that is
  // theirs, and only its files tell that it is one.
  const RuntimeFacts& runtime = view.facts.runtime;
  const bool marked = view.facts.environment.non_empty("container") || runtime.kubernetes;
  const bool hosted =
      runtime.colab || runtime.kaggle || runtime.space || runtime.ci || runtime.sagemaker;
  if (!marked || hosted || view.python.has_token() || view.python.raises ||
      is_partly_unknown(view.facts) || !agent_has_none(view.facts)) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA604");
  finding.confidence = Confidence::likely;
  finding.evidence.push_back({EvidenceKind::env,
                              tr("this is a container; no variable and no file holds a token"), "",
                              ""});
  Fix fix = command_fix(FixSafety::manual, "docker run -e HF_TOKEN ...",
                        tr("the name alone: the value is that of the calling shell"));
  if (runtime.kubernetes) {
    fix.title = tr("in the pod: a secret as the variable HF_TOKEN");
    fix.steps.front().command =
        "env: [{name: HF_TOKEN, valueFrom: {secretKeyRef: {name: hf, key: token}}}]";
  }
  finding.fixes.push_back(std::move(fix));
  return finding;
}

}  // namespace hfauth::diagnose
