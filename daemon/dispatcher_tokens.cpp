// SPDX-License-Identifier: Apache-2.0
//
// Methods by which a token goes out: GetToken, OpenLease and BeginRefresh, and each asks the gate
// first. Which tells what they would do. GetToken is the call that there are thousands of a second:
// it chooses once, and copies nothing while the answer is the usual one.
#include "method_runner.hpp"
#include "peer.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hfauth::daemon {

using agent::AuditEntry;
namespace call = agent::call;

namespace {

AuditEntry entry_of_question(const call::GetToken& question) {
  AuditEntry entry{.event = "GetToken"};
  if (question.profile) entry.profile = question.profile->str();
  if (question.endpoint) entry.endpoint = question.endpoint->url();
  entry.repo = question.purpose.repo;
  if (!entry.repo.empty()) entry.access = agent::access_of(question.purpose);
  return entry;
}

}  // namespace

void MethodRunner::operator()(call::GetToken call) {
  self.service_.when_loaded([&self = self, exchange = std::move(exchange), call = std::move(call)] {
    give_token(self, exchange, call);
  });
}

void MethodRunner::give_token(Dispatcher& self, const Exchange& exchange,
                              const call::GetToken& call) {
  const Answer<const Entry*> chosen = self.service_.choose(call);
  if (!chosen || self.gate_.is_open()) {
    give_chosen(self, exchange, call, chosen, {});
    return;
  }
  guarded(
      self, exchange, (*chosen)->profile.facts.profile, call.purpose, entry_of_question(call),
      [&self, exchange, call, name = (*chosen)->profile.facts.profile](const AuditEntry& entry) {
        // Chosen anew: a person may have thought about it meanwhile. Of the profile that was
        // judged.
        call::GetToken judged = call;
        judged.profile = name;
        give_chosen(self, exchange, judged, self.service_.choose(judged), entry.rule);
      });
}

void MethodRunner::give_chosen(Dispatcher& self, const Exchange& exchange,
                               const call::GetToken& call, const Answer<const Entry*>& chosen,
                               const std::string& rule) {
  if (!chosen || self.service_.is_fresh(**chosen)) {
    hand_over(self, exchange, call, chosen, rule);
    return;
  }
  self.service_.get_fresh_token(call,
                                [&self, exchange, call, rule](const Answer<const Entry*>& found) {
                                  hand_over(self, exchange, call, found, rule);
                                });
}

void MethodRunner::hand_over(Dispatcher& self, const Exchange& exchange, const call::GetToken& call,
                             const Answer<const Entry*>& found, const std::string& rule) {
  note_token(self, exchange, call, found, rule);
  if (!found) {
    exchange.refuse(found.error());
    return;
  }
  exchange.reply_as((*found)->token_reply());
  self.hooks_.on_use();
}

/// The same token again for the same connection is only counted: an entry has a dozen strings.
void MethodRunner::note_token(Dispatcher& self, const Exchange& exchange,
                              const call::GetToken& call, const Answer<const Entry*>& found,
                              const std::string& rule) {
  if (!self.audit_.enabled()) return;
  AuditEntry entry;
  if (!found) {
    entry = entry_of_question(call);
    entry.rule = rule;
    exchange.note(std::move(entry), found);
    return;
  }
  const token::TokenFacts& facts = (*found)->profile.facts;
  Client::Noted& noted = exchange.client().noted;
  if (noted.generation == facts.generation && noted.profile == facts.profile.str() &&
      noted.purpose == call.purpose && noted.rule == rule && self.audit_.count_again(noted.ticket))
    return;
  entry = entry_of_question(call);
  entry.rule = rule;
  entry.outcome = "ok";
  fill(entry, (*found)->profile);
  noted = {.ticket = exchange.note_for_ticket(std::move(entry)),
           .profile = facts.profile.str(),
           .generation = facts.generation,
           .purpose = call.purpose,
           .rule = rule};
}

/// Calls `go` with the entry if the policy lets the token of that profile out; answers the refusal
/// itself.
void MethodRunner::guarded(Dispatcher& self, const Exchange& exchange,
                           const token::ProfileName& profile, const agent::Purpose& purpose,
                           AuditEntry entry, std::function<void(AuditEntry entry)> go) {
  const auto pass = [exchange, profile, entry = std::move(entry),
                     go = std::move(go)](const Gate::Passage& passage) mutable {
    entry.rule = passage.rule;
    if (!passage.refused) {
      go(std::move(entry));
      return;
    }
    entry.profile = profile.str();
    entry.outcome = agent::short_name_of(passage.refused->code);
    exchange.note(std::move(entry));
    exchange.refuse(*passage.refused);
  };
  self.gate_.pass(
      {.profile = profile.str(), .purpose = purpose, .program = {}},
      [exchange] { return exchange.look(); }, pass);
}

void MethodRunner::operator()(call::Which call) const {
  self.service_.when_loaded([&self = self, exchange = exchange, call = std::move(call)] {
    Answer<agent::WhichAnswer> which = self.service_.which(call.question);
    if (which) {
      which->decision = name_of(Verdict::allow);
      if (which->profile) {
        Subject subject{.profile = which->profile->facts.profile.str(),
                        .purpose = call.question.purpose,
                        .program = {}};
        const Decision decision = self.gate_.decide(
            subject, [exchange] { return exchange.look(); }, &which->steps);
        which->decision = name_of(decision.verdict);
        which->rule = decision.rule;
      }
    }
    exchange.answer(which, agent::write_which_reply);
  });
}

void MethodRunner::operator()(call::OpenLease call) const {
  self.service_.when_loaded([&self = self, exchange = exchange, call = std::move(call)] {
    const Answer<const Entry*> chosen =
        self.service_.choose({.profile = call.profile, .endpoint = {}});
    AuditEntry entry = entry_of("OpenLease", call.profile);
    const auto open = [&self, exchange, call](AuditEntry noted) {
      const Answer<agent::Lease> lease = self.service_.open_lease(call, exchange.look());
      if (lease) noted.profile = lease->profile;
      exchange.note(std::move(noted), lease);
      exchange.answer(lease, agent::write_lease_reply);
      self.observe();
    };
    if (!chosen || self.gate_.is_open()) {
      open(std::move(entry));
    } else {
      guarded(self, exchange, (*chosen)->profile.facts.profile, {}, std::move(entry), open);
    }
  });
}

void MethodRunner::operator()(const call::CloseLease& call) const {
  exchange.empty_reply(entry_of("CloseLease", call.profile))(self.service_.close_lease(call));
}

void MethodRunner::operator()(const call::BeginRefresh& call) const {
  const auto begin = [&self = self, exchange = exchange, call](AuditEntry entry) {
    self.service_.begin_refresh(
        exchange.client().caller(), call,
        [exchange,
         entry = std::move(entry)](const Answer<TokenService::RefreshOffer>& offer) mutable {
          if (offer) fill(entry, offer->profile);
          exchange.note(std::move(entry), offer);
          exchange.answer(offer,
                          [](agent::GuardedBuffer& out, const TokenService::RefreshOffer& given) {
                            agent::write_refresh_reply(out, given.record, given.profile);
                          });
        });
  };
  AuditEntry entry = entry_of("BeginRefresh", call.profile);
  // The agent's own program renews tokens whatever the policy says of other programs.
  if (!self.service_.choose({.profile = call.profile, .endpoint = {}}) || self.gate_.is_open() ||
      is_own_program(exchange.look().program)) {
    begin(std::move(entry));
  } else {
    guarded(self, exchange, call.profile, {}, std::move(entry), begin);
  }
}

}  // namespace hfauth::daemon
