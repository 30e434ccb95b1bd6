// SPDX-License-Identifier: Apache-2.0
//
// A store that HFAUTH_STORE names is not pinned: the variable may be set for one session only.
#include "store_door.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/store/migration.hpp"
#include "hfauth/store/selection.hpp"
#include "hfauth/store/vault.hpp"
#include "limits.hpp"
#include "log.hpp"

#include <memory>
#include <optional>

namespace hfauth::daemon {
namespace {

/// The agent that is ending gives up the agent's lock and the socket first, and then finishes what
/// it has begun to store: what this one reads before that would lack it. Blocks; held from the
/// first call on. An agent that does not end in time is not waited for: answers go before.
class StoreTurn {
 public:
  explicit StoreTurn(const UserPaths& paths) : path_(paths.runtime / "store.lock") {}

  void take() {
    if (lock_) return;
    Result<FileLock> lock = FileLock::acquire(path_, kStoreTurnWait);
    if (lock) {
      lock_ = std::move(*lock);
    } else {
      log_line(LogLevel::warning,
               "the agent before this one may still be storing something: " + lock.error().detail);
    }
  }

 private:
  std::filesystem::path path_;
  std::optional<FileLock> lock_;
};

}  // namespace

StoreDoor store_door(const Environment& environment, const UserPaths& paths) {
  const auto pinned = std::make_shared<bool>(environment.non_empty("HFAUTH_STORE").has_value());
  const auto turn = std::make_shared<StoreTurn>(paths);
  const auto open = [environment, paths, pinned, turn]() -> Result<OpenedStore> {
    turn->take();
    if (const Result<void> finished = store::finish_migration(environment, paths); !finished) {
      log_line(LogLevel::warning,
               "tokens may be left in the store before: " + finished.error().detail);
    }
    Result<store::Selection> selection = store::select_store(environment, paths);
    if (!selection) return selection.error();
    *pinned = *pinned || selection->pinned;
    OpenedStore opened{.store = std::move(selection->store), .refusals = {}};
    for (store::Refusal& refusal : selection->refusals) {
      opened.refusals.push_back(
          {.store = std::move(refusal.store), .reason = std::move(refusal.reason)});
    }
    return opened;
  };
  const auto pin = [paths, pinned](std::string_view name) -> Result<void> {
    if (*pinned) return {};
    Result<void> done = store::pin_store(paths, name);
    *pinned = done.has_value();
    return done;
  };
  const auto set_passphrase = [environment, paths](const Secret& current,
                                                   const Secret& wanted) -> Result<void> {
    const Result<store::Selection> selection = store::select_store(environment, paths);
    if (!selection) return selection.error();
    const std::string name = selection->store->describe_from_memory().name;
    if (name != "vault") {
      return Error{Errc::unsupported, "the store is " + name +
                                          ", whose passphrase is its own; move the tokens to the "
                                          "vault with: hfauth store migrate --to vault"};
    }
    return store::set_vault_passphrase(store::VaultFiles::in(paths), current, wanted);
  };
  const auto migrate = [environment, paths, pinned](
                           store::SecretStore& from,
                           std::string_view to) -> Result<agent::Migration> {
    const Result<store::Moved> moved = store::migrate_store(from, to, environment, paths);
    if (!moved && moved.error().code == Errc::conflict)
      return Error{Errc::usage,
                   moved.error().detail};  // a Conflict of the interface is a profile's
    if (!moved) return moved.error();
    *pinned = true;
    return agent::Migration{.moved = moved->moved, .left = moved->left};
  };
  return {.open = open, .pin = pin, .set_passphrase = set_passphrase, .migrate = migrate};
}

}  // namespace hfauth::daemon
