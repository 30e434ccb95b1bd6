// SPDX-License-Identifier: Apache-2.0
//
// HFA301, HFA501, HFA503: what the Hub says, and when nothing can be known. Unknown never becomes
// invalid.
#include "check.hpp"
#include "foreign_words.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

#include <array>

namespace hfauth::diagnose {

std::optional<Finding> find_token_rejected(const View& view) {
  // What Python sends; if it sends nothing, the agent's default token is what the user is logged in
  // with.
  const AgentProfile* profile = default_profile(view.facts);
  const bool by_agent = !view.python.has_token() && profile != nullptr;
  const std::string sent = by_agent ? profile->stand_in : view.python.sent;
  if (!is_bad(view.facts, sent)) {
    return std::nullopt;
  }
  const TokenVerdict& verdict = *verdict_on(view.facts, sent);
  Finding finding = finding_of("HFA301");
  if (verdict.verdict == hub::Verdict::expired) {
    finding.title = tr("The Hub says that this token is expired");
  }
  // A proxy can answer 401 too: only the Hub's own mark, and a control request that it answered,
  // make it proven.
  finding.confidence = view.facts.hub.reached && !verdict.request_id.empty() ? Confidence::proven
                                                                             : Confidence::likely;
  const TokenValue* used = view.effective();
  if (!by_agent && used != nullptr) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  } else if (by_agent) {
    finding.evidence.push_back({EvidenceKind::config,
                                fmt::format(fmt::runtime(tr("agent, profile {}: {} ({})")),
                                            profile->name, profile->mask, profile->fingerprint) +
                                    ": " + describe_verdict(view.facts, sent),
                                "", verdict.request_id});
  }
  if (view.facts.hub.reached) {
    finding.evidence.push_back(
        {EvidenceKind::http,
         tr("control: the Hub answers an anonymous request, so it is not the network"), "", ""});
  }
  if (by_agent || used == nullptr || is_lease_path(used->where, view.facts.agent.runtime)) {
    finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth login"));
  } else {
    add_another_token(view, finding);
  }
  return finding;
}

void add_another_token(const View& view, Finding& finding) {
  const TokenValue& used = *view.effective();
  // A login alone changes nothing for who reads the variable or the file: this shell must be told.
  const AgentProfile* profile = default_profile(view.facts);
  const bool has_good_one = profile != nullptr && is_valid(view.facts, profile->stand_in);
  const std::string login = (has_good_one ? "" : "hfauth login && ") + env_command(view.facts);
  if (used.source == ValueSource::env) {
    Fix fix =
        command_fix(FixSafety::manual, unset_command(view.facts, used.where) + " && " + login);
    for (FixStep& step : lines_that_set(view.facts, used.where)) {
      fix.steps.push_back(std::move(step));
    }
    finding.fixes.push_back(std::move(fix));
    return;
  }
  finding.fixes.push_back(command_fix(FixSafety::safe, login));
  finding.fixes.push_back(command_fix(FixSafety::unsafe,
                                      fmt::format("mv '{0}' '{0}.old'", used.where),
                                      tr("or move the file away, and be anonymous")));
}

std::optional<Finding> find_endpoint_malformed(const View& view) {
  const auto value = view.facts.environment.get("HF_ENDPOINT");
  if (!value || view.facts.environment.is_true("HUGGINGFACE_CO_STAGING") ||
      (!value->empty() && view.facts.hub.endpoint_problem.empty())) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA508");
  const bool has_scheme = value->starts_with("https://") || value->starts_with("http://");
  if (value->empty()) {
    finding.title = tr("HF_ENDPOINT is set to nothing");
  } else if (has_scheme) {
    // Python may get along with it; hfauth sends no token there.
    finding.severity = Severity::warning;
    finding.title = tr("HF_ENDPOINT is not the address of a Hub");
    finding.why = tr("No token is sent to such an address.");
  }
  std::string problem = view.facts.hub.endpoint_problem;
  if (const std::string_view name = "HF_ENDPOINT: "; problem.starts_with(name)) {
    problem.erase(0, name.size());
  }
  problem = translated_endpoint_problem(problem);
  finding.evidence.push_back({EvidenceKind::env,
                              value->empty() ? std::string(tr("Python puts nothing in front of "
                                                              "\"/api/...\" and finds no server"))
                                             : fmt::format("HF_ENDPOINT={}: {}", *value, problem),
                              "HF_ENDPOINT", ""});
  finding.fixes.push_back(command_fix(FixSafety::manual, unset_command(view.facts, "HF_ENDPOINT")));
  const std::string completed = "https://" + *value;
  if (!value->empty() && !has_scheme && token::Endpoint::parse(completed)) {
    const bool fish = view.facts.runtime.shell == "fish";
    finding.fixes.push_back(command_fix(
        FixSafety::manual, (fish ? "set -gx HF_ENDPOINT " : "export HF_ENDPOINT=") + completed,
        tr("if that Hub is meant")));
  }
  return finding;
}

std::optional<Finding> find_offline_mode(const View& view) {
  static constexpr std::array kVariables{"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"};
  Finding finding = finding_of("HFA501");
  std::string names;
  for (const char* name : kVariables) {
    if (view.facts.environment.is_true(name)) {
      finding.evidence.push_back(
          {EvidenceKind::env,
           std::string(name) + "=" + view.facts.environment.get(name).value_or(""), name, ""});
      names += (names.empty() ? "" : " ") + std::string(name);
    }
  }
  if (names.empty()) {
    return std::nullopt;
  }
  // Meant so as often as not, unless something was to be fetched.
  for (const SaidMessage& message : view.facts.said) {
    if (message.check == "HFA501") {
      finding.severity = Severity::error;
      finding.evidence.push_back({EvidenceKind::text, "\"" + message.quote + "\"", "", ""});
    }
  }
  if (!view.facts.targets.empty()) {
    finding.severity = Severity::error;
  }
  finding.fixes.push_back(command_fix(FixSafety::manual, unset_command(view.facts, names),
                                      tr("if it is not meant so")));
  return finding;
}

std::optional<Finding> find_hub_unreachable(const View& view) {
  const HubFacts& hub = view.facts.hub;
  if (!hub.asked || hub.reached) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA503");
  finding.evidence.push_back({EvidenceKind::http,
                              hub.endpoint + ": " + translated_failure(hub.control_failure),
                              hub.endpoint, ""});
  finding.fixes.push_back(command_fix(FixSafety::manual, "hfauth doctor --offline",
                                      tr("to check everything but the network")));
  return finding;
}

}  // namespace hfauth::diagnose
