// SPDX-License-Identifier: Apache-2.0
//
// What a program printed (--log): recognised as explain does, and kept as the checks that it
// speaks of.
#include "hfauth/core/mask.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "hfauth/diagnose/wrap.hpp"
#include "probes.hpp"

#include <sstream>

namespace hfauth::diagnose {

std::vector<SaidMessage> said_in(const Explained& explained) {
  std::vector<SaidMessage> said;
  for (const Explanation& one : explained.explanations)
    said.push_back({one.finding.id, one.message, redact(one.quote)});
  return said;
}

void probe_printed(const ProbeInput& input, Facts& facts) {
  facts.said = input.said;
  if (input.printed.empty()) {
    return;
  }
  std::istringstream text(input.printed);
  const Result<Explained> explained = explain_text(text);
  if (!explained) {
    facts.incomplete.push_back({"probe-log", redact(explained.error().detail), ""});
    return;
  }
  const std::vector<SaidMessage> said = said_in(*explained);
  facts.said.insert(facts.said.end(), said.begin(), said.end());
}

}  // namespace hfauth::diagnose
