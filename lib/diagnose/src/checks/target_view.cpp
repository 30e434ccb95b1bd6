// SPDX-License-Identifier: Apache-2.0
//
// Targets as the checks see them.
#include "target_view.hpp"

#include "foreign_words.hpp"
#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using hub::Access;

std::string mask_of(const Facts& facts, std::string_view sent) {
  for (const TokenValue& value : facts.values) {
    if (value.sent == sent || value.repaired == sent) {
      return value.mask;
    }
  }
  for (const StoredLoginFacts& login : facts.stored.logins) {
    if (login.token.stand_in == sent) {
      return login.token.mask;
    }
  }
  for (const AgentProfile& profile : facts.agent.profiles) {
    if (profile.stand_in == sent) {
      return profile.mask;
    }
  }
  return "";
}

}  // namespace

std::string sent_now(const View& view) {
  return view.python.sent_by_default && !view.python.raises ? view.python.sent : "";
}

const TargetAnswer* answer_to(const TargetFacts& target, std::string_view sent) {
  const auto found = std::find_if(target.answers.begin(), target.answers.end(),
                                  [sent](const TargetAnswer& one) { return one.sent == sent; });
  return found == target.answers.end() ? nullptr : &*found;
}

Evidence target_evidence(const Facts& facts, const TargetFacts& target,
                         const TargetAnswer& answer) {
  const TokenVerdict* verdict = verdict_on(facts, answer.sent);
  std::string who =
      answer.sent.empty() ? std::string(tr("without a token")) : mask_of(facts, answer.sent);
  if (verdict != nullptr && !verdict->user.empty()) {
    who += " (" + verdict->user + (verdict->role.empty() ? "" : ", " + verdict->role) + ")";
  }
  const std::string said =
      answer.status != 0 ? std::to_string(answer.status) : translated_failure(answer.failure);
  return {EvidenceKind::http,
          fmt::format("{}, {}: {}{}", target.id, who, said,
                      answer.message.empty() ? "" : " " + answer.message),
          "", answer.request_id};
}

const TargetFacts* target_that_needs_a_token(const Facts& facts) {
  for (const TargetFacts& target : facts.targets) {
    const TargetAnswer* anonymous = answer_to(target, "");
    if (anonymous == nullptr) {
      continue;
    }
    const bool shown_to_somebody = std::any_of(
        target.answers.begin(), target.answers.end(),
        [](const TargetAnswer& one) { return !one.sent.empty() && one.access == Access::granted; });
    if (anonymous->access == Access::log_in ||
        (anonymous->access == Access::absent && shown_to_somebody)) {
      return &target;
    }
  }
  return nullptr;
}

void judge_by_targets(const Facts& facts, Finding& finding) {
  if (const TargetFacts* target = target_that_needs_a_token(facts)) {
    finding.severity = Severity::error;
    finding.evidence.push_back(target_evidence(facts, *target, *answer_to(*target, "")));
  } else if (facts.write_intended) {
    finding.severity = Severity::error;
    finding.evidence.push_back(
        {EvidenceKind::http, tr("nothing can be written without a token"), "", ""});
  }
}

}  // namespace hfauth::diagnose
