// SPDX-License-Identifier: Apache-2.0
//
// HFA308, HFA309, HFA310, HFA412: what the Hub tells of the account and of the token's rights,
// beside whether the token is good. Each stays silent until something asks for it: a profile, a
// refusal, a contradiction.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "target_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::string_view kInference = "inference.serverless.write";  // facts/hub-auth.md §4.1

bool speaks_of_email(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kWords{"email", "e-mail", "confirm your",
                                                          "verify your"};
  return std::any_of(kWords.begin(), kWords.end(), [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

// A refusal of this run, or a message at hand, that is about the account's address.
std::optional<Evidence> refusal_for_email(const View& view) {
  for (const TargetFacts& target : view.facts.targets) {
    for (const TargetAnswer& answer : target.answers) {
      if (answer.access != hub::Access::granted && speaks_of_email(answer.message)) {
        return target_evidence(view.facts, target, answer);
      }
    }
  }
  const auto message =
      std::find_if(view.facts.said.begin(), view.facts.said.end(),
                   [](const SaidMessage& one) { return speaks_of_email(one.quote); });
  return message == view.facts.said.end() ? std::nullopt : std::optional(quoted(*message));
}

// A refusal of this run of the token in use, whatever it says.
std::optional<Evidence> any_refusal(const View& view) {
  for (const TargetFacts& target : view.facts.targets) {
    const TargetAnswer* answer = answer_to(target, view.python.sent);
    if (answer != nullptr && answer->status == 403) {
      return target_evidence(view.facts, target, *answer);
    }
  }
  return std::nullopt;
}

// 402, from the Hub or in a message at hand.
std::optional<Evidence> refusal_for_credits(const View& view) {
  for (const TargetFacts& target : view.facts.targets) {
    for (const TargetAnswer& answer : target.answers) {
      if (answer.status == 402) {
        return target_evidence(view.facts, target, answer);
      }
    }
  }
  const auto message =
      std::find_if(view.facts.said.begin(), view.facts.said.end(), [](const SaidMessage& one) {
        return one.quote.find("credits") != std::string::npos ||
               one.quote.find("402") != std::string::npos;
      });
  return message == view.facts.said.end() ? std::nullopt : std::optional(quoted(*message));
}

// The verdict that contradicts what is remembered of the same token.
const TokenVerdict* contradicted(const Facts& facts, const RememberedVerdict& remembered) {
  const TokenVerdict* now = verdict_on(facts, remembered.sent);
  return now != nullptr && remembered.fresh && now->verdict != hub::Verdict::unknown &&
                 now->verdict != remembered.verdict
             ? now
             : nullptr;
}

}  // namespace

std::optional<Finding> find_overprivileged(const View& view) {
  const TokenVerdict* verdict = verdict_on(view.facts, view.python.sent);
  const TokenValue* used = view.effective();
  if (!view.facts.security_profile || view.facts.write_intended || verdict == nullptr ||
      verdict->role != "write" || used == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA308");
  finding.evidence.push_back(value_evidence(view.facts, *used));
  finding.fixes.push_back({FixSafety::manual,
                           false,
                           "",
                           {{tr("create a token that may read and nothing else"), "",
                             "https://huggingface.co/settings/tokens/new?preset=read-only"}}});
  return finding;
}

std::optional<Finding> find_account_matter(const View& view) {
  const TokenVerdict* verdict = verdict_on(view.facts, view.python.sent);
  if (verdict == nullptr || verdict->verdict != hub::Verdict::valid) {
    return std::nullopt;  // a token that is refused is another matter
  }
  auto refusal = refusal_for_email(view);
  const bool by_its_words = refusal.has_value();
  if (!by_its_words && verdict->email_unverified) {
    refusal = any_refusal(view);
  }
  const auto unpaid = verdict->cannot_pay ? refusal_for_credits(view) : std::nullopt;
  if (!refusal && !unpaid) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA309");
  if (refusal) {
    // The refusal may be about something else, unless it says so.
    finding.severity = by_its_words ? Severity::warning : Severity::info;
    finding.confidence = !by_its_words               ? Confidence::possible
                         : verdict->email_unverified ? Confidence::proven
                                                     : Confidence::likely;
    finding.evidence.push_back(*refusal);
    if (verdict->email_unverified) {
      finding.evidence.push_back(
          {EvidenceKind::http,
           fmt::format(fmt::runtime(tr("the Hub says of {}: the e-mail address is not confirmed")),
                       verdict->user),
           "", verdict->request_id});
    }
    finding.fixes.push_back(
        {FixSafety::manual,
         false,
         "",
         {{tr("confirm the address"), "", "https://huggingface.co/settings/account"}}});
  }
  if (unpaid) {
    finding.evidence.push_back(*unpaid);
    finding.evidence.push_back(
        {EvidenceKind::http,
         fmt::format(fmt::runtime(tr("the Hub says of {}: no means of payment")), verdict->user),
         "", verdict->request_id});
    finding.fixes.push_back(
        {FixSafety::manual,
         false,
         "",
         {{tr("look at the account's credits"), "", "https://huggingface.co/settings/billing"}}});
  }
  return finding;
}

std::optional<Finding> find_verdict_outdated(const View& view) {
  Finding finding = finding_of("HFA310");
  for (const RememberedVerdict& remembered : view.facts.hub.remembered) {
    if (const TokenVerdict* now = contradicted(view.facts, remembered)) {
      finding.evidence.push_back(
          {EvidenceKind::config,
           fmt::format(fmt::runtime(tr("remembered since {0}: {1}; the Hub says now: {2}")),
                       remembered.asked, hub::name_of(remembered.verdict),
                       hub::name_of(now->verdict)),
           "", now->request_id});
    }
  }
  for (const AgentProfile& profile : view.facts.agent.profiles) {
    const TokenVerdict* now = verdict_on(view.facts, profile.stand_in);
    if (now != nullptr && now->verdict == hub::Verdict::valid && !profile.role.empty() &&
        !now->role.empty() && now->role != profile.role) {
      finding.evidence.push_back(
          {EvidenceKind::config,
           fmt::format(fmt::runtime(tr("{0}: kept as \"{1}\"; the Hub says now: \"{2}\"")),
                       profile_text(profile), profile.role, now->role),
           "", now->request_id});
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth whoami --fresh"));
  return finding;
}

std::optional<Finding> find_inference_refused(const View& view) {
  const SaidMessage* message = said(view.facts, "HFA412");
  if (message == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA412");
  finding.evidence.push_back(quoted(*message));
  const TokenVerdict* verdict = verdict_on(view.facts, view.python.sent);
  const TokenValue* used = view.effective();
  if (verdict != nullptr && verdict->role == "fineGrained" && used != nullptr) {
    const bool may = std::find(verdict->scopes.begin(), verdict->scopes.end(), kInference) !=
                     verdict->scopes.end();
    finding.confidence = may ? Confidence::possible : Confidence::proven;
    finding.evidence.push_back(
        {EvidenceKind::http,
         fmt::format(fmt::runtime(may ? tr("{} may call Inference Providers")
                                      : tr("{} may not call Inference Providers")),
                     used->mask),
         "", verdict->request_id});
  }
  finding.fixes.push_back({FixSafety::manual,
                           false,
                           "",
                           {{tr("create a token for inference, or edit the one that is used"), "",
                             "https://huggingface.co/settings/tokens/new?preset=inference"}}});
  finding.fixes.push_back(
      {FixSafety::manual,
       false,
       tr("if the month's credits are used up"),
       {{tr("look at the account's credits"), "", "https://huggingface.co/settings/billing"}}});
  return finding;
}

}  // namespace hfauth::diagnose
