// SPDX-License-Identifier: Apache-2.0
//
// HFA307, HFA401 to HFA411: what the Hub lets this token do with the targets. Judged by the answer
// to what Python sends, or would send once the identity is mended: a finding that is only seen in
// the replay of an earlier cure is a root of its own (../causes.cpp).
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "target_view.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using hub::Access;

std::string page_of(const Facts& facts, const TargetFacts& target) {
  const std::string prefix = target.type == "model" ? "" : target.type + "s/";
  return (facts.hub.endpoint.empty() ? "https://huggingface.co" : facts.hub.endpoint) + "/" +
         prefix + target.id;
}

std::string account_of(const Facts& facts, std::string_view sent) {
  const TokenVerdict* verdict = verdict_on(facts, sent);
  return verdict == nullptr ? "" : verdict->user;
}

bool is_fine_grained(const Facts& facts, std::string_view sent) {
  const TokenVerdict* verdict = verdict_on(facts, sent);
  return verdict != nullptr && verdict->role == "fineGrained";
}

// A token other than `sent` that may use the target; of the same account if that is asked for.
const TargetAnswer* granted_to_another(const Facts& facts, const TargetFacts& target,
                                       std::string_view sent, bool same_account) {
  for (const TargetAnswer& answer : target.answers) {
    if (!answer.sent.empty() && answer.sent != sent && answer.access == Access::granted &&
        (account_of(facts, answer.sent) == account_of(facts, sent)) == same_account) {
      return &answer;
    }
  }
  return nullptr;
}

// The first target with an answer to what is sent for which `match` holds, as a finding with the
// Hub's words as its proof.
template <class Match>
std::optional<Finding> on_answer(const View& view, std::string_view id, const Match& match) {
  for (const TargetFacts& target : view.facts.targets) {
    const TargetAnswer* answer = answer_to(target, sent_now(view));
    if (answer == nullptr || !match(target, *answer)) {
      continue;
    }
    Finding finding = finding_of(id);
    finding.evidence.push_back(target_evidence(view.facts, target, *answer));
    return finding;
  }
  return std::nullopt;
}

bool says(const TargetAnswer& answer, std::string_view words) {
  return answer.message.find(words) != std::string::npos;
}

bool is_about_policy(const TargetAnswer& answer) {
  return says(answer, "administrator") || says(answer, "approv") || says(answer, "token policy") ||
         says(answer, "fine-grained tokens");
}

bool is_gated_for_account(const Facts& facts, const TargetAnswer& answer) {
  return answer.access == Access::not_requested && !is_fine_grained(facts, answer.sent);
}

Fix open_page(const View& view, const TargetFacts& target, const char* text) {
  const std::string user = account_of(view.facts, sent_now(view));
  return {FixSafety::manual,
          false,
          "",
          {{user.empty() ? std::string(tr(text))
                         : fmt::format(fmt::runtime(tr("{0}, logged in as {1}")), tr(text), user),
            "", page_of(view.facts, target)}}};
}

const TargetFacts& target_of(const View& view, const TargetAnswer& answer) {
  return *std::find_if(view.facts.targets.begin(), view.facts.targets.end(),
                       [&](const TargetFacts& target) {
                         return &answer >= target.answers.data() &&
                                &answer < target.answers.data() + target.answers.size();
                       });
}

}  // namespace

std::optional<Finding> find_repo_needs_auth(const View& view) {
  if (!sent_now(view).empty()) {
    return std::nullopt;
  }
  for (const TargetFacts& target : view.facts.targets) {
    const TargetAnswer* anonymous = answer_to(target, "");
    const TargetAnswer* granted = granted_to_another(view.facts, target, "", false);
    const bool hidden = anonymous != nullptr && anonymous->access == Access::absent;
    if (anonymous == nullptr ||
        (anonymous->access != Access::log_in && !(hidden && granted != nullptr))) {
      continue;
    }
    Finding finding = finding_of("HFA401");
    finding.evidence.push_back(target_evidence(view.facts, target, *anonymous));
    if (granted != nullptr) {
      finding.evidence.push_back(target_evidence(view.facts, target, *granted));
    }
    finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth login"));
    return finding;
  }
  return std::nullopt;
}

std::optional<Finding> find_gated_not_requested(const View& view) {
  const TargetAnswer* hit = nullptr;
  auto finding = on_answer(view, "HFA402", [&](const TargetFacts&, const TargetAnswer& answer) {
    hit = &answer;
    return is_gated_for_account(view.facts, answer);
  });
  if (finding) {
    finding->fixes.push_back(open_page(view, target_of(view, *hit),
                                       tr_later("open the page and accept its conditions")));
  }
  return finding;
}

std::optional<Finding> find_fine_grained_no_gated(const View& view) {
  const TargetAnswer* hit = nullptr;
  auto finding = on_answer(view, "HFA403", [&](const TargetFacts&, const TargetAnswer& answer) {
    hit = &answer;
    return answer.access == Access::no_gated_scope ||
           (answer.access == Access::not_requested && is_fine_grained(view.facts, answer.sent));
  });
  if (!finding) {
    return finding;
  }
  const TargetAnswer* other =
      granted_to_another(view.facts, target_of(view, *hit), sent_now(view), true);
  finding->confidence = other != nullptr || hit->access == Access::no_gated_scope
                            ? Confidence::proven
                            : Confidence::likely;
  if (other != nullptr) {
    finding->evidence.push_back(target_evidence(view.facts, target_of(view, *hit), *other));
  }
  finding->fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{tr("edit the token: tick \"Read access to contents of all public gated repos you can "
            "access\""),
         "", "https://huggingface.co/settings/tokens"}}});
  return finding;
}

std::optional<Finding> find_gated_pending(const View& view) {
  const TargetAnswer* hit = nullptr;
  auto finding = on_answer(view, "HFA404", [&](const TargetFacts&, const TargetAnswer& answer) {
    hit = &answer;
    return answer.access == Access::pending || answer.access == Access::rejected ||
           answer.access == Access::reset;
  });
  if (!finding) {
    return finding;
  }
  const TargetFacts& target = target_of(view, *hit);
  if (hit->access == Access::pending) {
    finding->title = tr("The request for access waits for the repository's authors");
    finding->fixes.push_back(
        open_page(view, target, tr_later("wait; the state of the request is on the page")));
  } else if (hit->access == Access::reset) {
    finding->fixes.push_back(open_page(view, target, tr_later("ask for access again on the page")));
  } else {
    finding->title = tr("The request for access was refused");
    finding->fixes.push_back(open_page(view, target, tr_later("ask the authors for their reason")));
  }
  return finding;
}

std::optional<Finding> find_rate_limited(const View& view) {
  constexpr int kTooMany = 429;
  const HubFacts& hub = view.facts.hub;
  Finding finding = finding_of("HFA405");
  if (auto blocked = on_answer(view, "HFA405", [](const TargetFacts&, const TargetAnswer& answer) {
        return answer.status == kTooMany;
      })) {
    finding = *std::move(blocked);
    finding.severity = Severity::error;
  }
  if (hub.control_status == kTooMany) {
    finding.evidence.push_back(
        {EvidenceKind::http, tr("an anonymous request is answered with 429"), hub.endpoint, ""});
  }
  for (const TokenVerdict& verdict : hub.verdicts) {
    if (verdict.status == kTooMany) {
      finding.evidence.push_back(
          {EvidenceKind::http,
           tr("whoami is answered with 429, which says nothing of the token itself"), "",
           verdict.request_id});
      break;
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  finding.fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{hub.control_retry_after > 0
             ? fmt::format(fmt::runtime(tr("wait {} s, then try again")), hub.control_retry_after)
             : std::string(tr("wait five minutes, then try again")),
         "", ""}}});
  if (sent_now(view).empty()) {
    finding.fixes.push_back(
        command_fix(FixSafety::safe, "hfauth login", tr("more requests are allowed with a token")));
  }
  return finding;
}

namespace {

/// How the other token comes into use: by the name under which the agent or stored_tokens has it.
void add_switch_to(const Facts& facts, const std::string& sent, Finding& finding) {
  for (const AgentProfile* profile : profiles_here(facts)) {
    if (profile->stand_in == sent) {
      finding.fixes.push_back(command_fix(
          FixSafety::safe, "hfauth switch " + profile->name + " && " + env_command(facts)));
      finding.fixes.push_back(command_fix(FixSafety::safe,
                                          "hfauth exec --name " + profile->name + " -- PROGRAM",
                                          tr("for one program")));
      return;
    }
  }
  for (const StoredLoginFacts& login : facts.stored.logins) {
    if (login.token.stand_in == sent) {
      finding.fixes.push_back(
          command_fix(FixSafety::manual, "hf auth switch --token-name '" + login.name + "'"));
      return;
    }
  }
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth import && hfauth switch NAME"));
}

}  // namespace

std::optional<Finding> find_access_via_other_token(const View& view) {
  for (const TargetFacts& target : view.facts.targets) {
    const std::string sent = sent_now(view);
    const TargetAnswer* answer = answer_to(target, sent);
    if (sent.empty() || answer == nullptr || answer->access == Access::granted ||
        answer->access == Access::bad_token || answer->access == Access::unknown) {
      continue;
    }
    const TargetAnswer* other = granted_to_another(view.facts, target, sent, false);
    if (other == nullptr) {
      continue;
    }
    Finding finding = finding_of("HFA406");
    finding.evidence = {target_evidence(view.facts, target, *answer),
                        target_evidence(view.facts, target, *other)};
    add_switch_to(view.facts, other->sent, finding);
    return finding;
  }
  return std::nullopt;
}

std::optional<Finding> find_repo_not_found(const View& view) {
  const TargetAnswer* hit = nullptr;
  auto finding = on_answer(view, "HFA407", [&](const TargetFacts&, const TargetAnswer& answer) {
    hit = &answer;
    return answer.access == Access::absent;
  });
  if (!finding || granted_to_another(view.facts, target_of(view, *hit), sent_now(view), false)) {
    return std::nullopt;  // it is there: somebody else may see it
  }
  const TargetFacts& target = target_of(view, *hit);
  const bool knows = is_valid(view.facts, sent_now(view));
  finding->confidence = !target.similar.empty() || !target.other_types.empty() ? Confidence::likely
                        : knows                                                ? Confidence::likely
                                : Confidence::possible;
  for (const std::string& type : target.other_types) {
    finding->evidence.push_back({EvidenceKind::http,
                                 fmt::format(fmt::runtime(tr("there is a {0} of that name")), type),
                                 "", ""});
    finding->fixes.push_back(command_fix(
        FixSafety::manual, fmt::format("hfauth doctor {}s/{}", type, target.id),
        fmt::format(fmt::runtime(tr("if the {} is meant: say so, as with repo_type=")), type)));
  }
  for (const std::string& id : target.similar) {
    finding->evidence.push_back(
        {EvidenceKind::http, fmt::format(fmt::runtime(tr("there is {}")), id), "", ""});
    finding->fixes.push_back(command_fix(FixSafety::manual, "hfauth doctor " + id,
                                         fmt::format(fmt::runtime(tr("if {} is meant")), id)));
  }
  if (finding->fixes.empty()) {
    finding->fixes.push_back(open_page(
        view, target, tr_later("look at the page in a browser, where private ones can be seen")));
  }
  return finding;
}

std::optional<Finding> find_role_too_low(const View& view) {
  const TokenVerdict* verdict = verdict_on(view.facts, view.python.sent);
  if (!view.facts.write_intended || verdict == nullptr || verdict->role != "read") {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA307");
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  for (const TargetFacts& target : view.facts.targets) {
    const TargetAnswer* answer = answer_to(target, view.python.sent);
    if (answer != nullptr && answer->access == Access::read_only) {
      finding.severity = Severity::error;
      finding.evidence.push_back(target_evidence(view.facts, target, *answer));
    }
  }
  finding.fixes.push_back({FixSafety::manual,
                           false,
                           "",
                           {{tr("create a token that may write"), "",
                             "https://huggingface.co/settings/tokens/new?tokenType=write"},
                            {"", "hfauth login", ""}}});
  return finding;
}

std::optional<Finding> find_write_forbidden(const View& view) {
  const TokenVerdict* verdict = verdict_on(view.facts, sent_now(view));
  if (!view.facts.write_intended || (verdict != nullptr && verdict->role == "read")) {
    return std::nullopt;
  }
  const TargetAnswer* hit = nullptr;
  auto finding = on_answer(view, "HFA408", [&](const TargetFacts&, const TargetAnswer& answer) {
    hit = &answer;
    return answer.access == Access::read_only;
  });
  if (finding) {
    finding->fixes.push_back(
        open_page(view, target_of(view, *hit),
                  tr_later("ask the owner of the repository for the right to write")));
  }
  return finding;
}

std::optional<Finding> find_org_token_policy(const View& view) {
  auto finding = on_answer(view, "HFA409", [](const TargetFacts&, const TargetAnswer& answer) {
    return answer.access == Access::denied && is_about_policy(answer);
  });
  if (finding) {
    finding->fixes.push_back({FixSafety::manual,
                              false,
                              "",
                              {{tr("create a fine-grained token for the organisation, and have it "
                                   "approved"),
                                "", "https://huggingface.co/settings/tokens"}}});
  }
  return finding;
}

std::optional<Finding> find_org_rule(const View& view) {
  auto finding = on_answer(view, "HFA410", [](const TargetFacts&, const TargetAnswer& answer) {
    return answer.access == Access::denied && !is_about_policy(answer) && !says(answer, "disabled");
  });
  if (finding) {
    finding->confidence = Confidence::likely;
    finding->fixes.push_back(
        {FixSafety::manual,
         false,
         "",
         {{tr("ask an administrator of the organisation, with the request id"), "", ""}}});
  }
  return finding;
}

std::optional<Finding> find_repo_disabled(const View& view) {
  return on_answer(view, "HFA411", [](const TargetFacts&, const TargetAnswer& answer) {
    return answer.access == Access::denied && says(answer, "disabled");
  });
}

}  // namespace hfauth::diagnose
