// SPDX-License-Identifier: Apache-2.0
//
// Order: copy, read back, note the old store (<state>/migration), pin the new one, empty the old
// one, forget the note. The note together with the pin says how far a process came.
#include "hfauth/store/migration.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/store/selection.hpp"
#include "hfauth/store/vault.hpp"
#include "store_pin.hpp"
#include "vault_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::store {
namespace {

using Records = std::vector<token::TokenRecord>;

std::filesystem::path note_file(const UserPaths& paths) {
  return paths.state / "migration";
}

bool is_same(const token::TokenRecord& a, const token::TokenRecord& b) {
  return a.facts == b.facts && a.token.equals(b.token.expose()) &&
         a.refresh.equals(b.refresh.expose());
}

/// Every record of `wanted` is in `store` as it is. Errors: corrupt, those of the store.
Result<void> check(SecretStore& store, const Records& wanted) {
  const Result<Records> found = store.list();
  if (!found) return found.error();
  for (const token::TokenRecord& record : wanted) {
    const bool is_there = std::any_of(found->begin(), found->end(),
                                      [&](const auto& other) { return is_same(record, other); });
    if (!is_there) {
      return Error{Errc::corrupt, "the token of profile " + record.facts.profile.str() +
                                      " does not read back as it was stored"};
    }
  }
  return {};
}

/// A file that is gone already is no failure.
Result<void> remove_file(const std::filesystem::path& file) {
  if (unlink(file.c_str()) == 0 || errno == ENOENT) return {};
  return error_from_errno(errno, file.native());
}

/// The files with the tokens first, then the key.
Result<void> remove_vault(const UserPaths& paths) {
  const VaultFiles files = VaultFiles::in(paths);
  const Result<FileLock> lock = vault::lock_vault(files);
  if (!lock) return lock.error();
  for (const std::filesystem::path& file :
       {vault::previous_of(files), files.vault, vault::damaged_of(files), files.key_file}) {
    if (Result<void> removed = remove_file(file); !removed) return removed;
  }
  return sync_directory(files.vault.parent_path());
}

/// How many are left.
int remove_all(SecretStore& store, const Records& records) {
  return static_cast<int>(std::count_if(records.begin(), records.end(), [&](const auto& record) {
    const Result<void> removed = store.remove(record.facts.profile);
    return !removed && removed.error().code != Errc::not_found;
  }));
}

Result<void> forget_note(const UserPaths& paths) {
  return remove_file(note_file(paths));
}

}  // namespace

Result<Moved> migrate_store(SecretStore& from, std::string_view to, const Environment& environment,
                            const UserPaths& paths) {
  if (!is_lasting(to))
    return Error{Errc::usage,
                 "no store is called " + std::string(to) + "; there are secret-service and vault"};
  if (environment.non_empty("HFAUTH_STORE"))
    return Error{Errc::usage, "HFAUTH_STORE chooses the store; unset it and start the agent again"};
  const std::string old_name = from.describe().name;
  if (old_name == to)
    return Error{Errc::conflict, "the tokens are in the store " + old_name + " already"};
  Result<Records> records = from.list();
  if (!records) return records.error();
  Result<std::unique_ptr<SecretStore>> target = open_by_name(to, environment, paths, false);
  if (!target) return target.error();
  for (const token::TokenRecord& record : *records) {
    if (Result<void> put = (*target)->put(record); !put) return put.error();
  }
  // By another opening, which has nothing in memory.
  target = open_by_name(to, environment, paths, false);
  if (!target) return target.error();
  if (Result<void> checked = check(**target, *records); !checked) return checked.error();
  if (Result<void> noted =
          write_file_atomically(note_file(paths), old_name + "\n", 0600, Durability::synced);
      !noted) {
    return noted.error();
  }
  if (Result<void> pinned = pin_store(paths, to); !pinned) {
    static_cast<void>(forget_note(paths));  // without the pin it says nothing
    return pinned.error();
  }
  Moved moved{.moved = static_cast<int>(records->size())};
  if (old_name == kVault) {
    if (!remove_vault(paths)) moved.left = moved.moved;
  } else {
    moved.left = remove_all(from, *records);
  }
  if (moved.left == 0) static_cast<void>(forget_note(paths));  // else finish_migration() does
  return moved;
}

Result<void> finish_migration(const Environment& environment, const UserPaths& paths) {
  const Result<std::optional<std::string>> old_name = read_store_name(note_file(paths));
  if (!old_name) return old_name.error();
  if (!*old_name) return {};
  // Nothing is removed unless it is certain that the other store is the chosen one.
  const Result<std::optional<std::string>> chosen = read_store_name(pin_file(paths));
  if (!chosen) return chosen.error();
  // Not pinned yet: the old store is the one, and the copies in the other are only copies.
  if (!*chosen || **chosen == **old_name) return forget_note(paths);
  if (**old_name == kVault) {
    if (Result<void> removed = remove_vault(paths); !removed) return removed;
  } else {
    const Result<std::unique_ptr<SecretStore>> old =
        open_by_name(**old_name, environment, paths, false);
    if (!old) return old.error();
    const Result<Records> records = (*old)->list();
    if (!records) return records.error();
    if (const int left = remove_all(**old, *records); left > 0)
      return Error{Errc::io, std::to_string(left) + " tokens are left in the old store"};
  }
  return forget_note(paths);
}

}  // namespace hfauth::store
