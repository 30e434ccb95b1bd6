// SPDX-License-Identifier: Apache-2.0
//
// HFA101 to HFA117 but the path variables: which source a token comes from, and which one hides
// another.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/client_answer.hpp"
#include "session_answer.hpp"
#include "setting_evidence.hpp"
#include "target_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using token::TokenSource;

Facts without_variables(const Facts& facts, std::initializer_list<const char*> names) {
  Facts changed = facts;
  for (const char* name : names) {
    changed.environment.unset(name);
  }
  return changed;
}

// The login that would count without the variable: a file, or the agent's default profile.
struct SavedLogin {
  std::string sent;
  std::string fingerprint;
  Evidence evidence;
};

std::optional<SavedLogin> saved_login(const View& view) {
  const Facts replay = without_variables(view.facts, {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"});
  const PythonAnswer python = ask_client(replay);
  if (python.has_token()) {
    const TokenValue* value = value_at(replay, python.where);
    return value == nullptr ? std::nullopt
                            : std::optional(SavedLogin{value->sent, value->fingerprint,
                                                       value_evidence(replay, *value)});
  }
  if (const AgentProfile* profile = default_profile(view.facts)) {
    std::string text = profile_text(*profile);
    const std::string verdict = describe_verdict(view.facts, profile->stand_in);
    text += verdict.empty() ? "" : ": " + verdict;
    return SavedLogin{
        profile->stand_in, profile->fingerprint, {EvidenceKind::config, text, "", ""}};
  }
  return std::nullopt;
}

// Not a container: people work in those too, and a login in one is no accident.
bool set_on_purpose(const RuntimeFacts& runtime) {
  return runtime.ci || runtime.space || runtime.kaggle;
}

Severity shadow_severity(const View& view, const SavedLogin& saved) {
  if (is_bad(view.facts, view.python.sent)) {
    return Severity::error;
  }
  const TokenVerdict* used = verdict_on(view.facts, view.python.sent);
  const TokenVerdict* hidden = verdict_on(view.facts, saved.sent);
  const bool both_valid =
      is_valid(view.facts, view.python.sent) && is_valid(view.facts, saved.sent);
  const bool same_account = both_valid && used->user == hidden->user && used->role == hidden->role;
  return same_account || set_on_purpose(view.facts.runtime) ? Severity::info : Severity::warning;
}

}  // namespace

std::optional<Finding> find_env_shadows_login(const View& view) {
  const TokenValue* used = view.effective();
  if (!comes_from_environment(view.python) || used == nullptr) {
    return std::nullopt;
  }
  const std::optional<SavedLogin> saved = saved_login(view);
  if (!saved || saved->fingerprint == used->fingerprint) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA101");
  finding.severity = shadow_severity(view, *saved);
  const bool known = verdict_on(view.facts, used->sent) != nullptr;
  finding.confidence = known ? Confidence::proven : Confidence::likely;
  if (view.python.source == TokenSource::env_legacy) {
    finding.title = tr("HUGGING_FACE_HUB_TOKEN in the environment hides the saved login");
  }
  const TokenVerdict* sent = verdict_on(view.facts, used->sent);
  const TokenVerdict* hidden = verdict_on(view.facts, saved->sent);
  if (is_valid(view.facts, used->sent) && is_valid(view.facts, saved->sent) &&
      sent->user != hidden->user) {
    finding.title = fmt::format(fmt::runtime(tr("{0} of {1} hides the saved login of {2}")),
                                used->where, sent->user, hidden->user);
  }
  finding.evidence = {value_evidence(view.facts, *used), saved->evidence};
  Fix fix = replayed_fix(FixSafety::manual, unset_command(view.facts, used->where));
  for (Evidence& line : evidence_of_setting(view.facts, used->where)) {
    finding.evidence.push_back(std::move(line));
  }
  for (FixStep& step : lines_that_set(view.facts, used->where)) {
    fix.steps.push_back(std::move(step));
  }
  finding.fixes.push_back(std::move(fix));
  return finding;
}

std::optional<Facts> without_env_tokens(const View& view) {
  return without_variables(view.facts, {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"});
}

std::optional<Finding> find_legacy_env_name(const View& view) {
  const TokenValue* used = view.effective();
  if (view.python.source != TokenSource::env_legacy || used == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA103");
  finding.evidence.push_back(value_evidence(view.facts, *used));
  const bool fish = view.facts.runtime.shell == "fish";
  finding.fixes.push_back(command_fix(
      FixSafety::manual,
      fish ? "set -gx HF_TOKEN $HUGGING_FACE_HUB_TOKEN; set -e HUGGING_FACE_HUB_TOKEN"
           : "export HF_TOKEN=\"$HUGGING_FACE_HUB_TOKEN\"; unset HUGGING_FACE_HUB_TOKEN"));
  return finding;
}

std::optional<Finding> find_blank_env(const View& view) {
  const TokenValue* value = value_at(view.facts, "HF_TOKEN");
  if (value == nullptr || value->length == 0 || !value->sent.empty()) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA104");
  const TokenValue* legacy = value_at(view.facts, "HUGGING_FACE_HUB_TOKEN");
  const bool blocks = legacy != nullptr && !legacy->sent.empty();
  finding.severity = blocks ? Severity::error : Severity::warning;
  finding.evidence.push_back(
      {EvidenceKind::env,
       value->length == 1
           ? std::string(tr("HF_TOKEN has 1 byte, and that is white space"))
           : fmt::format(fmt::runtime(tr("HF_TOKEN has {} bytes, all of them white space")),
                         value->length),
       "HF_TOKEN", ""});
  if (blocks) {
    finding.evidence.push_back({EvidenceKind::env,
                                fmt::format(fmt::runtime(tr("not read because of it: {}")),
                                            describe_token(view.facts, *legacy)),
                                "HUGGING_FACE_HUB_TOKEN", ""});
  }
  finding.fixes.push_back(replayed_fix(FixSafety::manual, unset_command(view.facts, "HF_TOKEN")));
  return finding;
}

std::optional<Facts> without_hf_token(const View& view) {
  return without_variables(view.facts, {"HF_TOKEN"});
}

std::optional<Finding> find_implicit_token_disabled(const View& view) {
  // The Rust command line takes any value for yes, "0" too (facts/doctor.md F8).
  const bool rust_alone =
      view.python.sent_by_default && has_program(view.facts, "hfrs") &&
      view.facts.environment.non_empty("HF_HUB_DISABLE_IMPLICIT_TOKEN").has_value();
  if ((view.python.sent_by_default && !rust_alone) || !view.python.has_token()) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA105");
  if (rust_alone) {
    finding.severity = Severity::warning;
    finding.title = tr("hfrs is told not to send the token: any value counts for it");
  }
  const std::string value =
      view.facts.environment.get("HF_HUB_DISABLE_IMPLICIT_TOKEN").value_or("");
  finding.evidence.push_back({EvidenceKind::env, "HF_HUB_DISABLE_IMPLICIT_TOKEN=" + value,
                              "HF_HUB_DISABLE_IMPLICIT_TOKEN", ""});
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  finding.fixes.push_back(
      replayed_fix(FixSafety::manual, unset_command(view.facts, "HF_HUB_DISABLE_IMPLICIT_TOKEN")));
  finding.fixes.push_back(
      command_fix(FixSafety::manual, "hfauth doctor --skip HFA105", tr("if it is meant so")));
  return finding;
}

std::optional<Facts> without_disable_implicit(const View& view) {
  return without_variables(view.facts, {"HF_HUB_DISABLE_IMPLICIT_TOKEN"});
}

std::optional<Finding> find_oidc_forced(const View& view) {
  if (view.python.source != TokenSource::oidc || !view.python.raises) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA112");
  finding.evidence.push_back(
      {EvidenceKind::env,
       tr("HF_OIDC_RESOURCE is set, HF_OIDC_ID_TOKEN is not, and this is no GitHub job"),
       "HF_OIDC_RESOURCE", ""});
  finding.fixes.push_back(
      replayed_fix(FixSafety::manual, unset_command(view.facts, "HF_OIDC_RESOURCE")));
  return finding;
}

std::optional<Facts> without_oidc(const View& view) {
  return without_variables(view.facts, {"HF_OIDC_RESOURCE"});
}

namespace {

bool nobody_has_a_token(const View& view) {
  return view.python.source == TokenSource::none && !view.python.raises &&
         !is_partly_unknown(view.facts);
}

}  // namespace

std::optional<Finding> find_no_token(const View& view) {
  // An agent that did not answer may have one, and a variable that is not looked at does.
  const bool in_a_variable =
      std::any_of(view.facts.values.begin(), view.facts.values.end(), [&](const TokenValue& value) {
        return (value.where == "HF_TOKEN" || value.where == "HUGGING_FACE_HUB_TOKEN") &&
               !value.sent.empty() && view.facts.environment.get(value.where);
      });
  if (!nobody_has_a_token(view) || !agent_has_none(view.facts) || in_a_variable) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA110");
  for (const token::ResolutionStep& step : view.python.steps) {
    const bool is_path = step.where.starts_with("/");
    finding.evidence.push_back({is_path ? EvidenceKind::file : EvidenceKind::env,
                                (is_path ? shown(view.facts, step.where) : step.where) + ": " +
                                    translated_reason(step.reason),
                                "", ""});
  }
  finding.evidence.push_back(
      {EvidenceKind::config,
       view.facts.agent.profiles.empty()
           ? std::string(tr("agent: no profile stored"))
           : fmt::format(fmt::runtime(tr("agent: nothing stored for {}")), view.facts.hub.endpoint),
       "", ""});
  judge_by_targets(view.facts, finding);
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth login"));
  return finding;
}

// A token of which nothing is known.
std::optional<Facts> with_assumed_token(const View& view) {
  static constexpr const char* kAssumed = "hf_00000000";
  Facts changed = view.facts;
  changed.environment.set("HF_TOKEN", kAssumed);
  changed.environment.unset("HF_HUB_DISABLE_IMPLICIT_TOKEN");
  changed.colab_secret_assumed = true;
  return changed;
}

std::optional<Finding> find_no_default(const View& view) {
  const std::vector<const AgentProfile*> stored = profiles_here(view.facts);
  if (!nobody_has_a_token(view) || stored.empty() || default_profile(view.facts) != nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA118");
  finding.title =
      fmt::format(fmt::runtime(tr("{} tokens are stored, none is the default")), stored.size());
  for (const AgentProfile* profile : stored) {
    finding.evidence.push_back({EvidenceKind::config, profile_text(*profile), "", ""});
  }
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth switch NAME"));
  return finding;
}

std::optional<Finding> find_agent_not_exported(const View& view) {
  const AgentProfile* profile = default_profile(view.facts);
  if (!nobody_has_a_token(view) || profile == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA116");
  finding.evidence.push_back({EvidenceKind::config, profile_text(*profile), "", ""});
  finding.evidence.push_back({EvidenceKind::replay,
                              tr("Python started from this shell finds no token and is anonymous"),
                              "", ""});
  judge_by_targets(view.facts, finding);
  finding.fixes.push_back(command_fix(FixSafety::safe, env_command(view.facts)));
  return finding;
}

// As after eval "$(hfauth env)", as far as the clients can tell.
std::optional<Facts> with_agent_token(const View& view) {
  const AgentProfile* profile = default_profile(view.facts);
  if (profile == nullptr || profile->stand_in.empty()) {
    return std::nullopt;
  }
  Facts changed = view.facts;
  changed.environment.set("HF_TOKEN", profile->stand_in);
  changed.environment.unset("HF_HUB_DISABLE_IMPLICIT_TOKEN");
  return changed;
}

std::optional<Finding> find_agent_locked(const View& view) {
  if (!nobody_has_a_token(view) || !view.facts.agent.locked) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA117");
  // A locked agent has let go of its store and may not know which one is next.
  const bool has_store = !view.facts.agent.store.empty() && view.facts.agent.store != "none";
  finding.evidence.push_back(
      {EvidenceKind::config,
       has_store ? fmt::format(fmt::runtime(tr("agent: locked, store {}")), view.facts.agent.store)
                 : std::string(tr("agent: locked")),
       "", ""});
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth unlock"));
  return finding;
}

std::optional<Finding> find_login_not_renewed(const View& view) {
  Finding finding = finding_of("HFA303");
  for (const AgentProfile& profile : view.facts.agent.profiles) {
    if (!profile.login_again) continue;
    std::string what = profile_text(profile);
    if (!profile.expires.empty()) what += ", " + profile.expires.substr(0, 10);
    finding.evidence.push_back({EvidenceKind::config, std::move(what), "", ""});
    finding.fixes.push_back(command_fix(FixSafety::manual, "hfauth login --name " + profile.name));
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  return finding;
}

}  // namespace hfauth::diagnose
