// SPDX-License-Identifier: Apache-2.0
//
// One private bus connection with one session at the Secret Service provider: libsecret's calls as
// blocking methods that keep the deadline of the GioCall given, with plain values instead of
// GObject's. Belongs to the worker's thread. No call ever shows a prompt. Errors of every method:
// store_unavailable, store_timeout, permission, locked.
#pragma once

#include "gio_worker.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/token_record.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hfauth::store {

struct KeyringItem {
  GObjectPtr<GDBusProxy> proxy;  ///< a SecretItem
  std::string path;              ///< names the item for as long as it exists
  std::string profile;           ///< "" if it has no such attribute
  bool locked = false;
};

using KeyringItems = std::vector<KeyringItem>;

struct KeyringCollection {
  GObjectPtr<GDBusProxy> proxy;  ///< a SecretCollection
  std::string label;
  bool locked = false;
};

class KeyringSession {
 public:
  [[nodiscard]] static Result<std::unique_ptr<KeyringSession>> open(GioCall& call,
                                                                    const std::string& bus_address);

  /// Whether the provider that the session was opened with still owns the name.
  [[nodiscard]] bool is_current() const;
  /// Whether another provider, or a new one, owns the name now.
  [[nodiscard]] bool is_replaced() const;
  /// Whether the secrets cross the bus unencrypted.
  [[nodiscard]] bool is_plain() const;
  /// The provider's program name, "" if it cannot be read.
  [[nodiscard]] Result<std::string> provider(GioCall& call) const;

  /// The default collection as it is now. Errors: also store_unavailable if there is none.
  [[nodiscard]] Result<KeyringCollection> default_collection(GioCall& call) const;
  /// All items of ours, locked ones too.
  [[nodiscard]] Result<KeyringItems> find_all(GioCall& call) const;
  [[nodiscard]] Result<KeyringItems> find(GioCall& call, const std::string& profile) const;
  /// The secrets of unlocked items, in their order; empty where the provider gave none.
  [[nodiscard]] Result<std::vector<Secret>> load(GioCall& call, const KeyringItems& items) const;
  /// Creates an item of this identity beside those that there are; returns its path. `collection`
  /// must not be locked. Never the provider's own `replace`: gnome-keyring's takes any item whose
  /// attributes contain ours, also another program's.
  [[nodiscard]] Result<std::string> create(GioCall& call, const KeyringCollection& collection,
                                           const token::TokenFacts& facts,
                                           const Secret& document) const;
  [[nodiscard]] Result<void> erase(GioCall& call, const KeyringItem& item) const;
  /// Asks the provider to unlock; succeeds only if it does so without a prompt. Errors: locked.
  [[nodiscard]] Result<void> unlock(GioCall& call, const KeyringCollection& collection) const;

 private:
  KeyringSession() = default;

  GObjectPtr<GDBusConnection> connection_;
  GObjectPtr<GDBusProxy> service_;  // a SecretService
  std::string owner_;               // unique name of the provider
  bool makes_items_by_prompt_ = false;
};

}  // namespace hfauth::store
