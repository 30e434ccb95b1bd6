// SPDX-License-Identifier: Apache-2.0
//
// One or two turns at most in practice: plain loops.
#include "refresh_turns.hpp"

#include "limits.hpp"

namespace hfauth::daemon {

const RefreshTurns::Turn* RefreshTurns::find(std::string_view profile, MonotonicTime now) const {
  const auto found = turns_.find(profile);
  return found == turns_.end() || found->second.end <= now ? nullptr : &found->second;
}

bool RefreshTurns::take(std::string_view profile, Caller caller, MonotonicTime now) {
  if (!is_free_for(profile, caller, now)) return false;
  turns_.insert_or_assign(std::string(profile), Turn{.caller = caller, .end = now + kRefreshTurn});
  return true;
}

bool RefreshTurns::is_free_for(std::string_view profile, Caller caller, MonotonicTime now) const {
  const Turn* const turn = find(profile, now);
  return turn == nullptr || turn->caller == caller;
}

bool RefreshTurns::holds(std::string_view profile, Caller caller, MonotonicTime now) const {
  const Turn* const turn = find(profile, now);
  return turn != nullptr && turn->caller == caller;
}

void RefreshTurns::give_back(std::string_view profile, Caller caller) {
  const auto found = turns_.find(profile);
  if (found != turns_.end() && found->second.caller == caller) turns_.erase(found);
}

void RefreshTurns::drop(Caller caller) {
  std::erase_if(turns_, [caller](const auto& item) { return item.second.caller == caller; });
}

void RefreshTurns::expire(MonotonicTime now) {
  std::erase_if(turns_, [now](const auto& item) { return item.second.end <= now; });
}

std::optional<MonotonicTime> RefreshTurns::next_end() const {
  std::optional<MonotonicTime> first;
  for (const auto& [profile, turn] : turns_) {
    if (!first || turn.end < *first) first = turn.end;
  }
  return first;
}

}  // namespace hfauth::daemon
