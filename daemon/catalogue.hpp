// SPDX-License-Identifier: Apache-2.0
//
// The tokens that the agent holds, in guarded memory, and which of them is meant by a request. Each
// endpoint has its own default profile. Pure: no store, no file, no clock. Lives on the loop; not
// thread-safe.
#pragma once

#include "answer.hpp"
#include "hfauth/agent/guarded_buffer.hpp"
#include "hfauth/core/fingerprint.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::daemon {

/// One held token. Refresh tokens are not held: a refresh reads its own from the store.
struct Entry {
  agent::StoredProfile profile;
  Secret token;

  /// The whole reply to GetToken; made at the first question, because writing it takes longer than
  /// all the rest of an answer. Ends with the next change of the catalogue.
  [[nodiscard]] std::string_view token_reply() const;

  mutable agent::GuardedBuffer reply{};  ///< empty: not made yet
};

/// Default profile by endpoint URL.
using Defaults = std::map<std::string, std::string, std::less<>>;

class Catalogue {
 public:
  explicit Catalogue(const Fingerprinter& fingerprinter) : fingerprinter_(fingerprinter) {}

  /// Replaces everything. A default that names no profile of its endpoint is dropped.
  void fill(const std::vector<token::TokenRecord>& records, Defaults defaults);

  /// Wipes the tokens; the defaults stay.
  void clear() { entries_.clear(); }

  void put(const token::TokenRecord& record);
  void erase(const token::ProfileName& profile);
  void set_default(const Entry& entry);

  [[nodiscard]] const Entry* find(std::string_view profile) const;

  /// Which token a request means. Profile named: that one, and denied if it is bound to another
  /// endpoint than the one asked for. Not named: the default of the endpoint, else the only one
  /// there. No endpoint either: that of huggingface.co if there is any profile for it, else the
  /// only endpoint. Faults: not_found, denied, ambiguous.
  [[nodiscard]] Answer<const Entry*> choose(const std::optional<token::ProfileName>& profile,
                                            const std::optional<token::Endpoint>& endpoint) const;

  [[nodiscard]] std::vector<agent::StoredProfile> list() const;

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  [[nodiscard]] const Defaults& defaults() const noexcept { return defaults_; }

 private:
  [[nodiscard]] Answer<const Entry*> choose_at(std::string_view endpoint) const;
  void mark_defaults();

  const Fingerprinter& fingerprinter_;
  std::map<std::string, Entry, std::less<>> entries_;
  Defaults defaults_;
};

}  // namespace hfauth::daemon
