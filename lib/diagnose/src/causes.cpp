// SPDX-License-Identifier: Apache-2.0
//
// A finding is also a symptom if it is no error any more in the replay.
// For n findings n replays of some twenty checks on a small value: microseconds. Where two vanish
// without each other, the one that stands first in the table of checks is the cause.
#include "causes.hpp"

#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/client_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <string_view>

namespace hfauth::diagnose {
namespace {

const Hit* hit_of(const std::vector<Hit>& hits, std::string_view id) {
  const auto hit =
      std::find_if(hits.begin(), hits.end(), [id](const Hit& one) { return one.check->id == id; });
  return hit == hits.end() ? nullptr : &*hit;
}

// HFA2xx: what is wrong with a value, wherever it stands.
bool is_about_a_value(const Hit& hit) {
  return hit.check->id.starts_with("HFA2");
}

// HFA4xx: what may be done with a target, which depends on who asks.
bool is_about_access(const Hit& hit) {
  return hit.check->id.starts_with("HFA4");
}

bool is_refused(const std::vector<Hit>& hits) {
  return std::any_of(hits.begin(), hits.end(), [](const Hit& hit) {
    return (is_about_access(hit) || hit.check->id == "HFA307") &&
           hit.finding.severity == Severity::error;
  });
}

// Access aside: whether a token works and what it may do are two questions.
bool any_above_info(const std::vector<Hit>& hits) {
  return std::any_of(hits.begin(), hits.end(), [](const Hit& hit) {
    return !is_about_access(hit) &&
           (hit.finding.severity == Severity::error || hit.finding.severity == Severity::warning);
  });
}

// Better for certain: Python then sends a token that the Hub has accepted, and nothing is left to
// complain about.
bool is_proven_cure(const Facts& without, const std::vector<Hit>& left) {
  const PythonAnswer python = ask_client(without);
  return python.has_token() && python.sent_by_default && is_valid(without, python.sent) &&
         !any_above_info(left);
}

void verify_replayed(Finding& finding) {
  for (Fix& fix : finding.fixes) {
    fix.verified = fix.replayed;
  }
}

/// What is found without each cause that can be thought away, by the cause's id.
using Replays = std::map<std::string_view, std::vector<Hit>>;

bool vanishes_without(const Hit& symptom, const Hit& cause, const Replays& replays) {
  const auto replay = replays.find(cause.check->id);
  if (replay == replays.end() || !symptom.check->id.starts_with(cause.check->explains) ||
      (cause.check->drops_the_value && is_about_a_value(symptom))) {
    return false;
  }
  // Refused for another reason is refused still: what only warns is no cause of that.
  if (is_about_access(symptom) && cause.finding.severity != Severity::error &&
      is_refused(replay->second)) {
    return false;
  }
  const Hit* left = hit_of(replay->second, symptom.check->id);
  if (left == nullptr || symptom.finding.severity != Severity::error) {
    return left == nullptr;
  }
  // With a token that is thought up, what was an error for want of one only warns: it is there all
  // the same.
  return left->finding.severity != Severity::error &&
         (cause.check->without != with_assumed_token || left->finding.severity == Severity::info);
}

// What is in the way behind a cured root: its identity settled, the Hub refuses a target. Such a
// finding is a root of its own, to be mended second.
void add_revealed(const Replays& replays, std::vector<Hit>& hits) {
  std::vector<Hit> revealed;
  for (const Hit& hit : hits) {
    const auto replay = replays.find(hit.check->id);
    if (!hit.finding.is_root || hit.finding.severity != Severity::error ||
        replay == replays.end()) {
      continue;
    }
    for (const Hit& behind : replay->second) {
      if (is_about_access(behind) && behind.finding.severity == Severity::error &&
          hit_of(hits, behind.check->id) == nullptr &&
          hit_of(revealed, behind.check->id) == nullptr) {
        revealed.push_back(behind);
      }
    }
  }
  std::move(revealed.begin(), revealed.end(), std::back_inserter(hits));
}

void in_order_of_the_table(std::vector<Hit>& hits) {
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.check < b.check; });
}

Replays replay_all(const Facts& facts, std::vector<Hit>& hits) {
  const PythonAnswer python = ask_client(facts);
  const View view{facts, python};
  Replays replays;
  for (Hit& hit : hits) {
    if (hit.check->without == nullptr) {
      continue;
    }
    if (const std::optional<Facts> without = hit.check->without(view)) {
      std::vector<Hit> left = run_checks(*without);
      if (hit_of(left, hit.check->id) == nullptr && is_proven_cure(*without, left)) {
        verify_replayed(hit.finding);
      }
      replays.emplace(hit.check->id, std::move(left));
    }
  }
  return replays;
}

void note_crash(const Check& crashed, std::string_view fault, std::vector<Hit>& hits) {
  const std::span<const Check> all = checks();
  const auto own =
      std::find_if(all.begin(), all.end(), [](const Check& one) { return one.id == "HFA002"; });
  Finding finding = finding_of("HFA002");
  finding.evidence.push_back(
      {EvidenceKind::text,
       fmt::format(fmt::runtime(tr("the check {0} failed: {1}")), crashed.id, redact(fault)), "",
       ""});
  hits.push_back({&*own, std::move(finding)});
}

}  // namespace

std::vector<Hit> run_checks(const Facts& facts) {
  const PythonAnswer python = ask_client(facts);
  const View view{facts, python};
  const token::NamedClient client = asked_client(facts);
  std::vector<Hit> hits;
  for (const Check& check : checks()) {
    if (!concerns(check.id, client)) continue;
    try {
      if (std::optional<Finding> finding = check.find(view)) {
        add_setting_lines(facts, *finding);
        hits.push_back({&check, *std::move(finding)});
      }
    } catch (const std::exception& failure) {  // a bug of one check must not take the others along
      note_crash(check, failure.what(), hits);
    }
  }
  return hits;
}

void find_causes(const Facts& facts, std::vector<Hit>& hits) {
  const Replays replays = replay_all(facts, hits);
  for (std::size_t symptom = 0; symptom < hits.size(); ++symptom) {
    for (std::size_t cause = 0; cause < hits.size(); ++cause) {
      const bool mutual = vanishes_without(hits[cause], hits[symptom], replays);
      if (cause != symptom && vanishes_without(hits[symptom], hits[cause], replays) &&
          (!mutual || cause < symptom)) {
        hits[symptom].finding.is_root = false;
        hits[symptom].finding.caused_by.emplace_back(hits[cause].check->id);
      }
    }
  }
  add_revealed(replays, hits);
  in_order_of_the_table(hits);
}

}  // namespace hfauth::diagnose
