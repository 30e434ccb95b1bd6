// SPDX-License-Identifier: Apache-2.0
//
// Methods by which something is stored, removed, locked or opened. Each is answered when the store
// has acknowledged it.
#include "method_runner.hpp"

#include <utility>

namespace hfauth::daemon {

using agent::AuditEntry;
namespace call = agent::call;

void fill(AuditEntry& entry, const agent::StoredProfile& profile) {
  entry.profile = profile.facts.profile.str();
  entry.endpoint = profile.facts.endpoint.url();
  entry.fingerprint = profile.fingerprint;
}

AuditEntry entry_of(const char* event, const std::optional<token::ProfileName>& profile) {
  return {.event = event, .profile = profile ? profile->str() : std::string()};
}

Done<agent::StoredProfile> Exchange::record_reply(AuditEntry entry) const {
  return [exchange = *this,
          entry = std::move(entry)](const Answer<agent::StoredProfile>& profile) mutable {
    if (profile) fill(entry, *profile);
    exchange.note(entry, profile);
    exchange.answer(profile, agent::write_record_reply);
    exchange.agent_->observe();
  };
}

Done<void> Exchange::empty_reply(AuditEntry entry) const {
  return [exchange = *this, entry = std::move(entry)](const Answer<void>& done) {
    exchange.note(entry, done);
    exchange.answer(done, agent::write_empty_reply);
    exchange.agent_->observe();
  };
}

void MethodRunner::operator()(call::Add call) const {
  AuditEntry entry = entry_of("Add", call.record.facts.profile);
  self.service_.add(std::move(call), exchange.record_reply(std::move(entry)));
}

void MethodRunner::operator()(const call::Remove& call) const {
  self.service_.remove(call.profile, exchange.empty_reply(entry_of("Remove", call.profile)));
}

void MethodRunner::operator()(const call::SetDefault& call) const {
  self.service_.set_default(call.profile,
                            exchange.record_reply(entry_of("SetDefault", call.profile)));
}

void MethodRunner::operator()(const call::SetRoute& call) const {
  AuditEntry entry = entry_of("SetRoute", call.profile);
  entry.repo = call.pattern.repo;
  entry.access = call.pattern.access;
  self.service_.set_route(call, exchange.empty_reply(std::move(entry)));
}

void MethodRunner::operator()(const call::Lock& /*call*/) const {
  self.gate_.forget();
  self.service_.lock(exchange.empty_reply({.event = "Lock"}));
}

void MethodRunner::operator()(call::Unlock call) const {
  const Done<void> done = exchange.empty_reply({.event = "Unlock"});
  self.service_.unlock(std::move(call.passphrase), [&self = self, done](const Answer<void>& told) {
    done(told);
    if (told) self.hooks_.on_unlock();
  });
}

void MethodRunner::operator()(call::SetPassphrase call) const {
  self.service_.set_passphrase(std::move(call), exchange.empty_reply({.event = "SetPassphrase"}));
}

void MethodRunner::operator()(const call::Migrate& call) const {
  self.service_.migrate(call.to,
                        [&self = self, exchange = exchange](const Answer<agent::Migration>& moved) {
                          exchange.note({.event = "Migrate"}, moved);
                          exchange.answer(moved, agent::write_migrate_reply);
                          self.observe();
                        });
}

void MethodRunner::operator()(call::FinishRefresh call) const {
  AuditEntry entry = entry_of("FinishRefresh", call.profile);
  self.service_.finish_refresh(exchange.client().caller(), std::move(call),
                               exchange.record_reply(std::move(entry)));
}

void MethodRunner::operator()(const call::AbandonRefresh& call) const {
  self.service_.abandon_refresh(exchange.client().caller(), call,
                                exchange.empty_reply(entry_of("AbandonRefresh", call.profile)));
}

}  // namespace hfauth::daemon
