// SPDX-License-Identifier: Apache-2.0
//
// The network module is loaded only when the cache does not answer.
#include "token_verdict.hpp"

#include "talk.hpp"

namespace hfauth::cli {
namespace {

std::filesystem::path file_of(const Context& context) {
  return context.paths.state / "verdicts";
}

/// What the agent knows of the account, as if the Hub had just said it.
hub::Whoami whoami_of(const token::TokenFacts& facts, const hub::KnownVerdict& known) {
  hub::Whoami whoami;
  whoami.verdict = known.verdict;
  whoami.kind = facts.kind;
  whoami.user = facts.user;
  whoami.role = facts.role;
  whoami.display_name = facts.display_name;
  whoami.orgs = facts.orgs;
  whoami.scopes = facts.scopes;
  whoami.created = facts.created;
  whoami.expires = facts.expires;
  whoami.answer.message = filled(tr("it said so at {}"), format_utc(known.asked));
  return whoami;
}

}  // namespace

VerdictSource::VerdictSource(const Context& context, bool fresh)
    : context_(context), fresh_(fresh), cache_(file_of(context)) {}

Result<hub::Whoami> VerdictSource::ask(const Secret& token, const token::Endpoint& endpoint) {
  auto found = sessions_.find(endpoint.url());
  if (found == sessions_.end()) {
    Result<HubSession> session = HubSession::open(context_, endpoint);
    if (!session && session.error().code == Errc::offline) {
      hub::Whoami whoami;
      whoami.failure = session.error();
      return whoami;
    }
    if (!session) return session.error();
    found = sessions_.emplace(endpoint.url(), std::move(*session)).first;
  }
  return found->second.client().whoami(token);
}

Result<TokenVerdict> VerdictSource::of(const Secret& token, const token::Endpoint& endpoint,
                                       const agent::StoredProfile* profile) {
  const WallTime now = SystemClock().now();
  std::optional<hub::KnownVerdict> known;
  if (profile != nullptr) known = cache_.find(profile->fingerprint);
  if (known && !fresh_ && known->is_fresh(now))
    return TokenVerdict{whoami_of(profile->facts, *known), known->asked, std::nullopt};
  Result<hub::Whoami> whoami = ask(token, endpoint);
  if (!whoami) return whoami.error();
  if (whoami->verdict == hub::Verdict::unknown)
    return TokenVerdict{std::move(*whoami), std::nullopt, known};
  if (profile != nullptr) remember_verdict(context_, *profile, whoami->verdict);
  return TokenVerdict{std::move(*whoami), std::nullopt, std::nullopt};
}

void remember_verdict(const Context& context, const agent::StoredProfile& profile,
                      hub::Verdict verdict) {
  (void)hub::VerdictCache(file_of(context)).note(profile.fingerprint, verdict, SystemClock().now());
}

std::string show_verdict(const TokenVerdict& verdict, const token::Endpoint& endpoint) {
  std::string sentence = show_verdict(verdict.whoami, endpoint);
  if (verdict.before) {
    sentence += "; " + filled(tr("at {0} it said: {1}"), format_utc(verdict.before->asked),
                              hub::name_of(verdict.before->verdict));
  }
  return sentence;
}

}  // namespace hfauth::cli
