// SPDX-License-Identifier: Apache-2.0
#include "change_feed.hpp"

#include <utility>

namespace hfauth::daemon {

using agent::Event;

namespace {

/// Calls `added`, `removed` and `changed` for the keys of two maps that differ.
template <class Value, class Added, class Removed, class Changed>
void compare(const std::map<std::string, Value>& before, const std::map<std::string, Value>& after,
             const Added& added, const Removed& removed, const Changed& changed) {
  for (const auto& [key, value] : after) {
    const auto old = before.find(key);
    if (old == before.end()) {
      added(key, value);
    } else if (old->second != value) {
      changed(key, value);
    }
  }
  for (const auto& [key, value] : before) {
    if (!after.contains(key)) removed(key, value);
  }
}

}  // namespace

std::vector<Event> changes(const Picture& before, const Picture& after) {
  std::vector<Event> events;
  const auto tell = [&events](const char* event, const std::string& profile = {},
                              const std::string& detail = {}) {
    events.push_back({.event = event, .profile = profile, .detail = detail});
  };
  const auto nothing = [](const auto& /*key*/, const auto& /*value*/) {};
  if (!before.locked && !after.locked) {
    compare(
        before.profiles, after.profiles, [&](const auto& name, auto) { tell("added", name); },
        [&](const auto& name, auto) { tell("removed", name); },
        [&](const auto& name, auto) { tell("stored", name); });
    const auto is_default = [&](const auto& endpoint, const auto& profile) {
      tell("default", profile, endpoint);
    };
    compare(before.defaults, after.defaults, is_default, nothing, is_default);
  }
  if (before.routes != after.routes) tell("routes");
  if (before.locked != after.locked) tell(after.locked ? "locked" : "unlocked");
  if (before.store != after.store) tell("store", {}, after.store);
  const auto opened = [&](const auto& path, const auto& profile) {
    tell("lease_opened", profile, path);
  };
  compare(
      before.leases, after.leases, opened,
      [&](const auto& path, const auto& profile) { tell("lease_closed", profile, path); }, opened);
  if (before.config != after.config) tell("config", {}, after.config);
  return events;
}

void ChangeFeed::look(Picture now, WallTime time) {
  if (now == last_) return;
  std::vector<Event> events = changes(last_, now);
  last_ = std::move(now);
  for (Event& event : events) {
    event.time = time;
    // Whoever is told may end, and a watcher that is too slow does.
    const std::map<std::uint64_t, Watcher> watchers = watchers_;
    for (const auto& [who, watcher] : watchers) {
      if (watchers_.contains(who) && !watcher(event)) watchers_.erase(who);
    }
  }
}

}  // namespace hfauth::daemon
