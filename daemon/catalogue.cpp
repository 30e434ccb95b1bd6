// SPDX-License-Identifier: Apache-2.0
//
// A few dozen entries at most: plain loops.
#include "catalogue.hpp"

#include "hfauth/agent/frame.hpp"
#include "hfauth/core/mask.hpp"

#include <algorithm>

namespace hfauth::daemon {

std::string_view Entry::token_reply() const {
  if (reply.empty()) agent::write_token_reply(reply, token.expose(), profile);
  return reply.view();
}

void Catalogue::put(const token::TokenRecord& record) {
  const std::string& name = record.facts.profile.str();
  // The default of another endpoint, if the profile moved away from it.
  std::erase_if(defaults_, [&](const auto& item) {
    return item.second == name && item.first != record.facts.endpoint.url();
  });
  // Step by step: what g++ 12 makes of one nested initializer frees the facts twice if a later
  // member has no memory.
  agent::StoredProfile profile{.facts = record.facts, .mask = {}, .fingerprint = {}};
  profile.mask = mask_token(record.token.expose());
  profile.fingerprint = fingerprinter_.of(record.token.expose());
  profile.refreshable = !record.refresh.empty();
  Secret token = record.token.clone();
  entries_.insert_or_assign(name, Entry{.profile = std::move(profile), .token = std::move(token)});
  mark_defaults();
}

void Catalogue::fill(const std::vector<token::TokenRecord>& records, Defaults defaults) {
  entries_.clear();
  defaults_ = std::move(defaults);
  for (const token::TokenRecord& record : records)
    put(record);
  std::erase_if(defaults_, [&](const auto& item) { return find(item.second) == nullptr; });
  mark_defaults();
}

void Catalogue::erase(const token::ProfileName& profile) {
  std::erase_if(defaults_, [&](const auto& item) { return item.second == profile.str(); });
  entries_.erase(profile.str());
}

void Catalogue::set_default(const Entry& entry) {
  defaults_[entry.profile.facts.endpoint.url()] = entry.profile.facts.profile.str();
  mark_defaults();
}

void Catalogue::mark_defaults() {
  for (auto& [name, entry] : entries_) {
    const auto found = defaults_.find(entry.profile.facts.endpoint.url());
    entry.reply.clear();
    entry.profile.is_default = found != defaults_.end() && found->second == name;
  }
}

const Entry* Catalogue::find(std::string_view profile) const {
  const auto found = entries_.find(profile);
  return found == entries_.end() ? nullptr : &found->second;
}

Answer<const Entry*> Catalogue::choose(const std::optional<token::ProfileName>& profile,
                                       const std::optional<token::Endpoint>& endpoint) const {
  if (profile) {
    const Entry* const entry = find(profile->str());
    if (entry == nullptr) {
      return agent::Fault{.code = agent::FaultCode::not_found,
                          .text = "no profile named " + profile->str()};
    }
    const std::string& bound = entry->profile.facts.endpoint.url();
    if (endpoint && endpoint->url() != bound) {
      return agent::Fault{.code = agent::FaultCode::denied,
                          .text = "profile " + profile->str() + " is bound to " + bound +
                                  ", not to " + endpoint->url()};
    }
    return entry;
  }
  if (endpoint) return choose_at(endpoint->url());
  const std::string hub = token::Endpoint::hub().url();
  std::vector<std::string> endpoints;
  for (const auto& [name, entry] : entries_)
    endpoints.push_back(entry.profile.facts.endpoint.url());
  std::sort(endpoints.begin(), endpoints.end());
  endpoints.erase(std::unique(endpoints.begin(), endpoints.end()), endpoints.end());
  if (endpoints.size() <= 1) return choose_at(endpoints.empty() ? hub : endpoints.front());
  if (std::binary_search(endpoints.begin(), endpoints.end(), hub)) return choose_at(hub);
  agent::Fault ambiguous{.code = agent::FaultCode::ambiguous};
  for (const auto& [name, entry] : entries_)
    ambiguous.list.push_back(name);
  return ambiguous;
}

Answer<const Entry*> Catalogue::choose_at(std::string_view endpoint) const {
  if (const auto chosen = defaults_.find(endpoint); chosen != defaults_.end()) {
    if (const Entry* const entry = find(chosen->second)) return entry;
  }
  std::vector<const Entry*> here;
  for (const auto& [name, entry] : entries_) {
    if (entry.profile.facts.endpoint.url() == endpoint) here.push_back(&entry);
  }
  if (here.size() == 1) return here.front();
  if (here.empty()) {
    return agent::Fault{
        .code = agent::FaultCode::not_found,
        .text = "no token stored for " + std::string(endpoint) + "; store one with: hfauth login"};
  }
  agent::Fault ambiguous{.code = agent::FaultCode::ambiguous};
  for (const Entry* const entry : here)
    ambiguous.list.push_back(entry->profile.facts.profile.str());
  return ambiguous;
}

std::vector<agent::StoredProfile> Catalogue::list() const {
  std::vector<agent::StoredProfile> all;
  for (const auto& [name, entry] : entries_)
    all.push_back(entry.profile);
  return all;
}

}  // namespace hfauth::daemon
