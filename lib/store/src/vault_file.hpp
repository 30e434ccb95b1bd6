// SPDX-License-Identifier: Apache-2.0
//
// The files of a vault on disk: which of `vault` and `vault.previous` is to be used, the key file,
// and the order of writes that loses nothing at any kill or full disk. No key material stays here;
// vault.cpp holds the open key.
#pragma once

#include "hfauth/core/file.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/store/vault.hpp"
#include "vault_format.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace hfauth::store::vault {

/// The files beside the vault.
[[nodiscard]] std::filesystem::path previous_of(const VaultFiles& files);  ///< vault.previous
[[nodiscard]] std::filesystem::path damaged_of(const VaultFiles& files);   ///< vault.damaged
[[nodiscard]] std::filesystem::path lock_of(const VaultFiles& files);      ///< vault.lock

struct Image {
  Header header;
  std::string bytes;  ///< the whole file
};

/// A file of ours whose header is intact. Errors: not_found, permission, io, denied (not a regular
/// file, foreign owner or writable by others), corrupt, unsupported.
[[nodiscard]] Result<Image> read_image(const std::filesystem::path& path);

/// Reads the key file. Errors: store_unavailable (missing), denied (foreign owner or readable by
/// others), corrupt (not 32 bytes), permission, io.
[[nodiscard]] Result<Secret> read_key_file(const std::filesystem::path& path);

/// Reads the key file or makes one from random bytes, mode 0600, synced. Call under the lock.
/// Errors: as read_key_file, no_space.
[[nodiscard]] Result<Secret> read_or_create_key_file(const std::filesystem::path& path);

/// Writes a new random key over the key file. Errors: permission, no_space, denied, io.
[[nodiscard]] Result<Secret> replace_key_file(const std::filesystem::path& path);

/// The writers' lock; makes the folder (0700) if needed. Blocks up to `files.lock_wait`. Errors:
/// store_timeout (another process holds it), permission, denied, no_space, io.
[[nodiscard]] Result<FileLock> lock_vault(const VaultFiles& files);

/// Replaces the vault. Before that, an intact current image becomes vault.previous, and a damaged
/// vault is moved to vault.damaged, so that at every moment one good generation is on the disk.
/// Call under the lock. Errors: permission, no_space, io.
[[nodiscard]] Result<void> replace_vault(const VaultFiles& files,
                                         const std::optional<Image>& current,
                                         std::string_view new_bytes);

}  // namespace hfauth::store::vault
