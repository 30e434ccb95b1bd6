// SPDX-License-Identifier: Apache-2.0
//
// Where tokens rest. Implementations: memory, vault (encrypted file), Secret Service; all pass the
// same contract tests (tests/store/contract.hpp). Calls block: the Secret Service's up to its
// deadline (5 s), the vault's for its writes, Argon2id and kVaultLockWait. hfauthd calls them from
// its worker, never from the loop. *Not found* and *locked* are two answers, always.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/token/token_record.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace hfauth::store {

/// What `status` says of a store, in plain words.
struct StoreDescription {
  std::string name;        ///< "secret-service", "vault", "memory"
  std::string place;       ///< provider or file; no secret
  std::string protection;  ///< what it protects against and what not, one sentence, English
  bool persistent = true;
  bool locked = false;
  std::string trouble{};         ///< why it cannot be used as it should now, "" if it can
  bool comes_and_goes = false;   ///< another program keeps it: what is said here holds for a moment
  std::filesystem::path file{};  ///< whose change means that another process wrote; empty: none
};

class SecretStore {
 public:
  SecretStore() = default;
  SecretStore(const SecretStore&) = delete;
  SecretStore& operator=(const SecretStore&) = delete;
  virtual ~SecretStore() = default;

  /// Stores the record under its profile, replacing an earlier one, and reads it back before it
  /// returns: a value that is acknowledged is stored. Errors: locked, store_unavailable,
  /// store_timeout, no_space, permission, io, corrupt (read back differs).
  [[nodiscard]] virtual Result<void> put(const token::TokenRecord& record) = 0;

  /// Errors: not_found, locked, store_unavailable, store_timeout, corrupt.
  [[nodiscard]] virtual Result<token::TokenRecord> get(const token::ProfileName& profile) = 0;

  /// All records, sorted by profile. Errors: locked (also when only some are), store_unavailable,
  /// store_timeout, corrupt.
  [[nodiscard]] virtual Result<std::vector<token::TokenRecord>> list() = 0;

  /// Errors: not_found, locked, store_unavailable, store_timeout, no_space, permission, io.
  [[nodiscard]] virtual Result<void> remove(const token::ProfileName& profile) = 0;

  /// Opens a locked store. `passphrase` may be empty for stores that need none. Errors: denied
  /// (wrong passphrase), store_unavailable, unsupported (the provider opens only by a prompt).
  [[nodiscard]] virtual Result<void> unlock(const Secret& passphrase) = 0;

  /// How it is now; a keyring is asked, which takes up to the probe's deadline.
  [[nodiscard]] virtual StoreDescription describe() = 0;

  /// The same as far as it is known without asking anybody: at once.
  [[nodiscard]] virtual StoreDescription describe_from_memory() { return describe(); }
};

}  // namespace hfauth::store
