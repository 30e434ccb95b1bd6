// SPDX-License-Identifier: Apache-2.0
//
// The encrypted file: docs/vault-format.md tells every byte. One file, header as associated data,
// key check, XChaCha20-Poly1305 over the whole body, generation number; written beside, fsynced,
// renamed; the previous generation is kept. Any malformed byte is an error, never a crash.
#pragma once

#include "hfauth/core/paths.hpp"
#include "hfauth/store/secret_store.hpp"

#include <filesystem>
#include <memory>

namespace hfauth::store {

struct VaultFiles {
  std::filesystem::path vault;  ///< <data>/vault
  std::filesystem::path
      key_file;  ///< <state>/vault.key, 0600: used unless the vault has a passphrase
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
