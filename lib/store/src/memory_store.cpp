// SPDX-License-Identifier: Apache-2.0
//
// A map of clones. The records live in guarded memory because `Secret` does; nothing outlives the
// process.
#include "hfauth/store/memory_store.hpp"

namespace hfauth::store {

Result<void> MemoryStore::put(const token::TokenRecord& record) {
  records_.insert_or_assign(record.facts.profile, record.clone());
  return {};
}

Result<token::TokenRecord> MemoryStore::get(const token::ProfileName& profile) {
  const auto found = records_.find(profile);
  if (found == records_.end()) {
    return Error{Errc::not_found, "no token is stored for profile " + profile.str()};
  }
  return found->second.clone();
}

Result<std::vector<token::TokenRecord>> MemoryStore::list() {
  std::vector<token::TokenRecord> all;
  all.reserve(records_.size());
  for (const auto& [profile, record] : records_) {
    all.push_back(record.clone());
  }
  return all;
}

Result<void> MemoryStore::remove(const token::ProfileName& profile) {
  if (records_.erase(profile) == 0) {
    return Error{Errc::not_found, "no token is stored for profile " + profile.str()};
  }
  return {};
}

Result<void> MemoryStore::unlock(const Secret& /*passphrase*/) {
  return {};
}

StoreDescription MemoryStore::describe() {
  return {.name = "memory",
          .place = "guarded memory of this process",
          .protection = "Nothing is written to disk; the tokens are gone when the agent ends.",
          .persistent = false,
          .locked = false};
}

}  // namespace hfauth::store
