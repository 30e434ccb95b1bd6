// SPDX-License-Identifier: Apache-2.0
//
// The encrypted file: docs/vault-format.md tells every byte. One file, header as associated data,
// key check, XChaCha20-Poly1305 over the whole body, generation number; written beside, fsynced,
// renamed; the previous generation is kept. Any malformed byte is an error, never a crash.
#pragma once

#include "hfauth/core/paths.hpp"
#include "hfauth/store/secret_store.hpp"

#include <chrono>
#include <filesystem>
#include <memory>

namespace hfauth::store {

/// A write takes milliseconds; who holds the lock longer was stopped. Shorter than the time that an
/// ending agent gives its store.
inline constexpr std::chrono::milliseconds kVaultLockWait{5000};

struct VaultFiles {
  std::filesystem::path vault;  ///< <data>/vault
  std::filesystem::path
      key_file;  ///< <state>/vault.key, 0600: used unless the vault has a passphrase
  std::chrono::milliseconds lock_wait = kVaultLockWait;  ///< then writing is store_timeout

  [[nodiscard]] static VaultFiles in(const UserPaths& paths);
};

/// Opens the vault or prepares to create it at the first put. Two processes may use one vault:
/// writers take a lock file beside it. A vault with a passphrase starts locked. Errors: corrupt,
/// permission, io, denied (foreign owner).
[[nodiscard]] Result<std::unique_ptr<SecretStore>> open_vault(const VaultFiles& files);

/// Re-encrypts the vault under a passphrase (Argon2id), or under the key file if it is empty; the
/// old key file is removed afterwards. Errors: as put.
[[nodiscard]] Result<void> set_vault_passphrase(const VaultFiles& files, const Secret& current,
                                                const Secret& wanted);

}  // namespace hfauth::store
