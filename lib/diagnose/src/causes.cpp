// SPDX-License-Identifier: Apache-2.0
//
// For n findings n replays of some twenty checks on a small value: microseconds. Where two vanish
// without each other, the one that stands first in the table of checks is the cause.
#include "causes.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace hfauth::diagnose {
namespace {

bool is_there(const std::vector<Hit>& hits, std::string_view id) {
  return std::any_of(hits.begin(), hits.end(),
                     [id](const Hit& hit) { return hit.check->id == id; });
}

bool any_above_info(const std::vector<Hit>& hits) {
  return std::any_of(hits.begin(), hits.end(), [](const Hit& hit) {
    return hit.finding.severity == Severity::error || hit.finding.severity == Severity::warning;
  });
}

// Better for certain: Python then sends a token that the Hub has accepted, and nothing is left to
// complain about.
bool is_proven_cure(const Facts& without, const std::vector<Hit>& left) {
  const PythonAnswer python = ask_python(without);
  return python.has_token() && python.sent_by_default && is_valid(without, python.sent) &&
         !any_above_info(left);
}

}  // namespace

std::vector<Hit> run_checks(const Facts& facts) {
  const PythonAnswer python = ask_python(facts);
  const View view{facts, python};
  std::vector<Hit> hits;
  for (const Check& check : checks()) {
    if (std::optional<Finding> finding = check.find(view)) {
      hits.push_back({&check, *std::move(finding)});
    }
  }
  return hits;
}

void find_causes(const Facts& facts, std::vector<Hit>& hits) {
  const PythonAnswer python = ask_python(facts);
  const View view{facts, python};
  std::map<std::string_view, std::vector<Hit>> replays;
  for (Hit& hit : hits) {
    if (hit.check->without == nullptr) {
      continue;
    }
    if (const std::optional<Facts> without = hit.check->without(view)) {
      std::vector<Hit> left = run_checks(*without);
      if (!hit.finding.fixes.empty() && !is_there(left, hit.check->id) &&
          is_proven_cure(*without, left)) {
        hit.finding.fixes.front().verified = true;
      }
      replays.emplace(hit.check->id, std::move(left));
    }
  }
  const auto vanishes_without = [&replays](std::string_view symptom, std::string_view cause) {
    const auto replay = replays.find(cause);
    return replay != replays.end() && !is_there(replay->second, symptom);
  };
  for (std::size_t symptom = 0; symptom < hits.size(); ++symptom) {
    for (std::size_t cause = 0; cause < hits.size(); ++cause) {
      const std::string_view symptom_id = hits[symptom].check->id;
      const std::string_view cause_id = hits[cause].check->id;
      const bool mutual = vanishes_without(cause_id, symptom_id);
      if (cause != symptom && vanishes_without(symptom_id, cause_id) &&
          (!mutual || cause < symptom)) {
        hits[symptom].finding.is_root = false;
        hits[symptom].finding.caused_by.emplace_back(cause_id);
      }
    }
  }
}

}  // namespace hfauth::diagnose
