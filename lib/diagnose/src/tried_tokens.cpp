// SPDX-License-Identifier: Apache-2.0
#include "tried_tokens.hpp"

#include "checks/foreign_words.hpp"
#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using hub::Access;

std::string text_of(Access access) {
  switch (access) {
    case Access::granted:
      return tr("may use it");
    case Access::log_in:
      return tr("the Hub wants a login");
    case Access::not_requested:
      return tr("gated, and access was not asked for");
    case Access::pending:
      return tr("gated, and the request waits for an answer");
    case Access::rejected:
      return tr("gated, and the request was refused");
    case Access::reset:
      return tr("gated, and access must be asked for again");
    case Access::no_gated_scope:
      return tr("the token may not read gated repositories");
    case Access::read_only:
      return tr("may read, not write");
    case Access::denied:
      return tr("refused");
    case Access::absent:
      return tr("the Hub shows it no such repository");
    case Access::bad_token:
      return tr("the Hub refuses the token");
    case Access::unknown:
      break;
  }
  return tr("not known");
}

TriedToken for_target(const std::string& ref, const TargetFacts& target, const std::string& sent) {
  const auto answer = std::find_if(target.answers.begin(), target.answers.end(),
                                   [&](const TargetAnswer& one) { return one.sent == sent; });
  const bool known = answer != target.answers.end() && answer->access != Access::unknown;
  const bool works = known && answer->access == Access::granted;
  return {ref, target.id,
          works   ? "works"
          : known ? "refused"
                  : "not_known",
          known ? text_of(answer->access) : std::string(tr("not known"))};
}

TriedToken for_the_hub(const TokenReport& token, const TokenVerdict* verdict) {
  TriedToken tried{token.ref, "", "not_known", tr("was not asked about")};
  if (verdict == nullptr) return tried;
  switch (verdict->verdict) {
    case hub::Verdict::valid:
      tried.outcome = "works";
      tried.detail = verdict->user + (verdict->role.empty() ? "" : " (" + verdict->role + ")");
      break;
    case hub::Verdict::invalid:
    case hub::Verdict::expired:
      tried.outcome = "refused";
      tried.detail =
          fmt::format(fmt::runtime(tr("refused ({} {})")), verdict->status, verdict->message);
      break;
    case hub::Verdict::unknown:
      tried.detail =
          fmt::format(fmt::runtime(tr("not known: {}")), translated_failure(verdict->failure));
      break;
  }
  return tried;
}

}  // namespace

void add_tried(const Facts& facts, Report& report) {
  for (const TokenReport& token : report.tokens) {
    const TokenVerdict* verdict = verdict_on(facts, token.sent);
    if (facts.targets.empty() || verdict == nullptr) {
      report.tried.push_back(for_the_hub(token, verdict));
      continue;
    }
    for (const TargetFacts& target : facts.targets)
      report.tried.push_back(for_target(token.ref, target, token.sent));
  }
}

}  // namespace hfauth::diagnose
