// SPDX-License-Identifier: Apache-2.0
//
// A store that HFAUTH_STORE names is not pinned: the variable may be set for one session only.
#include "store_door.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/store/selection.hpp"
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
  return {.open = open, .pin = pin};
}

}  // namespace hfauth::daemon
