// SPDX-License-Identifier: Apache-2.0
//
// A lease is in open_ exactly while its file is there or its token is being refreshed; what cannot
// be removed is logged, told to who asked for it, and stays for the next try.
#include "lease_keeper.hpp"

#include "limits.hpp"
#include "log.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::daemon {

Result<agent::Lease> LeaseKeeper::open(const LeaseSlot& slot, const Entry& entry,
                                       std::optional<WallTime> expires, ProgramFacts opener) {
  if (Result<void> written = files_.put(slot, entry.token.expose()); !written)
    return written.error();
  const token::TokenFacts& facts = entry.profile.facts;
  OpenLease& lease = open_[slot];
  lease = {.profile = facts.profile.str(),
           .endpoint = facts.endpoint,
           .generation = facts.generation,
           .expires = expires,
           .token_expires = facts.expires,
           .opener = std::move(opener)};
  return describe(slot, lease);
}

Result<void> LeaseKeeper::close(const LeaseSlot& slot) {
  const auto found = open_.find(slot);
  if (found == open_.end()) return Error{Errc::not_found, "no such lease"};
  if (const Result<void> removed = files_.remove(slot); !removed) {
    log_line(LogLevel::error, "lease not removed: " + removed.error().detail);
    found->second.is_stuck = true;
    return Error{removed.error().code, "the lease file " + files_.path_of(slot).native() +
                                           " could not be removed, and the token is still in it: " +
                                           removed.error().detail};
  }
  open_.erase(found);
  return {};
}

Result<void> LeaseKeeper::close_all() {
  Result<void> first;
  for (auto at = open_.begin(); at != open_.end();) {
    const LeaseSlot slot = (at++)->first;  // erased, or stuck and kept
    if (const Result<void> closed = close(slot); !closed && first) first = closed;
  }
  return first;
}

bool LeaseKeeper::allows(const std::string& profile, const OpenLease& lease) const {
  const Decision decision = judge_(profile, lease.opener);
  if (decision.verdict == Verdict::allow) return true;
  log_line(LogLevel::notice, "a lease does not get the token of profile " + profile + ": " +
                                 decision.rule + " says " + std::string(name_of(decision.verdict)));
  return false;
}

void LeaseKeeper::obey() {
  std::vector<LeaseSlot> refused;
  for (const auto& [slot, lease] : open_) {
    if (!lease.is_stuck && !allows(lease.profile, lease)) refused.push_back(slot);
  }
  for (const LeaseSlot& slot : refused)
    static_cast<void>(close(slot));  // logged, and stuck
}

bool LeaseKeeper::follow_token(const LeaseSlot& slot, OpenLease& lease, const Entry& entry,
                               WallTime now) {
  const token::TokenFacts& facts = entry.profile.facts;
  if (is_over(facts.expires, now)) {
    if (!token::refresh_due(facts, entry.profile.refreshable)) return false;
    if (!lease.waits && !files_.remove(slot)) return false;
    lease.waits = true;
    lease.token_expires.reset();
    return true;
  }
  const bool same_profile = facts.profile.str() == lease.profile;
  if (!lease.waits && same_profile && facts.generation == lease.generation) return true;
  if (!same_profile && !allows(facts.profile.str(), lease)) return false;
  if (const Result<void> written = files_.put(slot, entry.token.expose()); !written) {
    // The old token must not stay where the new one could not be put.
    log_line(LogLevel::error, "lease closed: " + written.error().detail);
    return false;
  }
  lease.profile = facts.profile.str();
  lease.generation = facts.generation;
  lease.token_expires = facts.expires;
  lease.waits = false;
  return true;
}

Result<void> LeaseKeeper::rest() {
  resting_.insert(open_.begin(), open_.end());
  return close_all();
}

void LeaseKeeper::wake(const Catalogue& catalogue, WallTime now) {
  for (const auto& [slot, lease] : std::exchange(resting_, {})) {
    const Answer<const Entry*> chosen = catalogue.choose(slot, lease.endpoint);
    if (!chosen || is_over(lease.expires, now) || is_over((*chosen)->profile.facts.expires, now) ||
        !allows((*chosen)->profile.facts.profile.str(), lease))
      continue;
    if (const Result<agent::Lease> opened = open(slot, **chosen, lease.expires, lease.opener);
        !opened)
      log_line(LogLevel::warning, "lease not opened again: " + opened.error().detail);
  }
}

Result<void> LeaseKeeper::follow(const Catalogue& catalogue, WallTime now) {
  std::vector<LeaseSlot> over;
  for (auto& [slot, lease] : open_) {
    if (lease.is_stuck) {
      if (!lease.retry || *lease.retry <= now) over.push_back(slot);
      continue;
    }
    const Answer<const Entry*> chosen = catalogue.choose(slot, lease.endpoint);
    if (!chosen || is_over(lease.expires, now) || !follow_token(slot, lease, **chosen, now))
      over.push_back(slot);
  }
  Result<void> first;
  for (const LeaseSlot& slot : over) {
    const Result<void> closed = close(slot);
    if (closed) continue;
    open_.at(slot).retry = now + kLeaseRetry;
    if (first) first = closed;
  }
  return first;
}

std::optional<WallTime> LeaseKeeper::next_end() const {
  std::optional<WallTime> first;
  const auto consider = [&](const std::optional<WallTime>& end) {
    if (end && (!first || *end < *first)) first = end;
  };
  for (const auto& [slot, lease] : open_) {
    if (lease.is_stuck) {
      consider(lease.retry.value_or(WallTime()));
      continue;
    }
    consider(lease.expires);
    consider(lease.token_expires);
  }
  return first;
}

agent::Lease LeaseKeeper::describe(const LeaseSlot& slot, const OpenLease& lease) const {
  return {.profile = lease.profile, .path = files_.path_of(slot), .expires = lease.expires};
}

std::vector<agent::Lease> LeaseKeeper::list() const {
  std::vector<agent::Lease> all;
  for (const auto& [slot, lease] : open_) {
    if (!lease.waits) all.push_back(describe(slot, lease));
  }
  return all;
}

}  // namespace hfauth::daemon
