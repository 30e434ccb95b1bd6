// SPDX-License-Identifier: Apache-2.0
//
// A store that HFAUTH_STORE names is not pinned: the variable may be set for one session only.
#include "store_door.hpp"

#include "hfauth/store/selection.hpp"

#include <memory>

namespace hfauth::daemon {

StoreDoor store_door(const Environment& environment, const UserPaths& paths) {
  const auto pinned = std::make_shared<bool>(environment.non_empty("HFAUTH_STORE").has_value());
  const auto open = [environment, paths, pinned]() -> Result<OpenedStore> {
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
