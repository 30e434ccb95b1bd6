// SPDX-License-Identifier: Apache-2.0
//
// What a watcher is told: the difference between two pictures of the agent. No part of the agent
// has to remember to announce anything; whoever changed it, the next look shows it. Pure, but for
// the table of watchers; lives on the loop.
#pragma once

#include "hfauth/agent/journal.hpp"
#include "hfauth/agent/routing.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hfauth::daemon {

/// What can be seen of the agent from outside. Locked: no profiles, as List would say.
struct Picture {
  bool locked = false;
  std::string store;                              ///< "ok", "locked", or why not
  std::string config;                             ///< "ok", "none", or what is wrong
  std::map<std::string, std::uint64_t> profiles;  ///< generation by name
  std::map<std::string, std::string> defaults;    ///< profile by endpoint
  std::map<std::string, std::string> leases;      ///< profile by path
  std::vector<agent::Route> routes;

  friend bool operator==(const Picture&, const Picture&) = default;
};

/// In the order of the interface's list; times are not set. Profiles that come and go with a lock
/// are not told one by one.
[[nodiscard]] std::vector<agent::Event> changes(const Picture& before, const Picture& after);

class ChangeFeed {
 public:
  /// False: the watcher is gone or too slow, and gets no more.
  using Watcher = std::function<bool(const agent::Event&)>;

  void add(std::uint64_t who, Watcher watcher) { watchers_[who] = std::move(watcher); }

  void drop(std::uint64_t who) { watchers_.erase(who); }

  [[nodiscard]] bool empty() const noexcept { return watchers_.empty(); }

  /// What there is now; tells everybody what is new.
  void look(Picture now, WallTime time);

 private:
  Picture last_;
  std::map<std::uint64_t, Watcher> watchers_;
};

}  // namespace hfauth::daemon
