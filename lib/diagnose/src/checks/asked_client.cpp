// SPDX-License-Identifier: Apache-2.0
//
// HFA610: a client that takes its token from the program alone, whatever the machine has.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/client_answer.hpp"

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

}  // namespace

std::optional<Finding> find_client_reads_nothing(const View& view) {
  const token::NamedClient client = asked_client(view.facts);
  if (!client.other || reads_by_itself(client)) return std::nullopt;
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
