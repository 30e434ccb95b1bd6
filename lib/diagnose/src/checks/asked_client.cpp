// SPDX-License-Identifier: Apache-2.0
//
// HFA610: a client that takes its token from the program alone, whatever the machine has; or a
// program that was anonymous although every usual source has a token.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/client_answer.hpp"
#include "target_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using token::OtherClient;

/// How this client is given a token, so that it stands in no list of processes.
FixStep how_to_pass(OtherClient client) {
  switch (client) {
    // Code of a program is no command of a shell.
    case OtherClient::javascript_library:
      return {std::string(tr("hand it over in the program:")) +
                  " { accessToken: process.env.HF_TOKEN }",
              "", ""};
    case OtherClient::rust_library:
      return {std::string(tr("hand it over in the program:")) +
                  " .token(std::env::var(\"HF_TOKEN\").ok())",
              "", ""};
    default:
      return {"", "curl -H @<(printf 'Authorization: Bearer %s' \"$(hfauth token)\") URL", ""};
  }
}

constexpr std::string_view kUnauthenticated = "M-020";  // facts/hub-auth.md §3

std::optional<Finding> find_anonymous_program(const View& view) {
  const auto message =
      std::find_if(view.facts.said.begin(), view.facts.said.end(),
                   [](const SaidMessage& one) { return one.message == kUnauthenticated; });
  if (message == view.facts.said.end() || !view.python.has_token() ||
      !view.python.sent_by_default || view.python.raises || is_bad(view.facts, view.python.sent))
    return std::nullopt;
  Finding finding = finding_of("HFA610");
  finding.confidence = Confidence::possible;  // nothing is known of the program itself
  finding.evidence.push_back(quoted(*message));
  if (const TokenValue* used = view.effective())
    finding.evidence.push_back(value_evidence(view.facts, *used));
  if (target_that_needs_a_token(view.facts) != nullptr) finding.severity = Severity::error;
  finding.fixes.push_back({FixSafety::manual,
                           false,
                           "",
                           {{tr("give the program the token by its own option or key"), "", ""}}});
  return finding;
}

}  // namespace

std::optional<Finding> find_client_reads_nothing(const View& view) {
  const token::NamedClient client = asked_client(view.facts);
  if (!client.other) return find_anonymous_program(view);
  if (reads_by_itself(client)) return std::nullopt;
  Finding finding = finding_of("HFA610");
  finding.title = fmt::format(fmt::runtime(tr("{} reads no token by itself")), client.name);
  for (const token::ResolutionStep& step : view.python.steps) {
    finding.evidence.push_back(
        {EvidenceKind::config,
         shown(view.facts, step.where) + ": " + translated_reason(step.reason), "", ""});
  }
  // Without a token to give, or a need for one, it is only good to know.
  const bool has_any = default_profile(view.facts) != nullptr ||
                       std::any_of(view.facts.values.begin(), view.facts.values.end(),
                                   [](const TokenValue& value) { return !value.sent.empty(); });
  if (!has_any) finding.severity = Severity::info;
  finding.fixes.push_back({FixSafety::manual, false, "", {how_to_pass(*client.other)}});
  return finding;
}

}  // namespace hfauth::diagnose
