// SPDX-License-Identifier: Apache-2.0
//
// Moving all tokens from one store to the other. Every step can be the last one of a process: until
// the new store is pinned the old one counts, with all that it had; from then on the new one does,
// and what is left in the old one is removed by finish_migration() at the next start. Blocks.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/store/secret_store.hpp"

#include <string_view>

namespace hfauth::store {

struct Moved {
  int moved = 0;
  int left = 0;  ///< could not be removed from the old store yet
};

/// Copies every record of `from` to the store named `to` ("secret-service", "vault"), reads all of
/// them back from there, pins that store, and then empties the old one (of a vault: its files and
/// its key file go). Tokens that the new store had under other names stay. Errors: usage (no such
/// store; HFAUTH_STORE is set, which would undo it), conflict (it is that store already),
/// store_unavailable, store_timeout, locked, corrupt (read back differs), no_space, permission, io:
/// then the old store is as it was, and still the one.
[[nodiscard]] Result<Moved> migrate_store(SecretStore& from, std::string_view to,
                                          const Environment& environment, const UserPaths& paths);

/// Removes what a migration that was cut short left in the old store. Success if there was none.
/// Errors: of the old store, and corrupt where the file that names the chosen store, or the note of
/// the migration, is damaged; then nothing is removed, and it is tried again at the next start.
[[nodiscard]] Result<void> finish_migration(const Environment& environment, const UserPaths& paths);

}  // namespace hfauth::store
