// SPDX-License-Identifier: Apache-2.0
//
// What a program printed (--log): recognised as explain does, and kept as the checks that it
// speaks of.
#include "hfauth/core/mask.hpp"
#include "hfauth/diagnose/explain.hpp"
#include "probes.hpp"

#include <sstream>

namespace hfauth::diagnose {

void probe_printed(const ProbeInput& input, Facts& facts) {
  if (input.printed.empty()) {
    return;
  }
  std::istringstream text(input.printed);
  const Result<Explained> explained = explain_text(text);
  if (!explained) {
    facts.incomplete.push_back({"probe-log", redact(explained.error().detail), ""});
    return;
  }
  for (const Explanation& one : explained->explanations) {
    facts.said.push_back({one.finding.id, one.message, redact(one.quote)});
  }
}

}  // namespace hfauth::diagnose
