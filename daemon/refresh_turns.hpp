// SPDX-License-Identifier: Apache-2.0
//
// Whose turn it is to refresh a profile's token: one connection at a time, until it gives the turn
// back, closes, or its time is over. Pure; lives on the loop.
#pragma once

#include "hfauth/core/clock.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::daemon {

/// One connection, by a number that is never used again; 0 is nobody's.
using Caller = std::uint64_t;

class RefreshTurns {
 public:
  /// False while somebody else has it. Taking it again renews it.
  [[nodiscard]] bool take(std::string_view profile, Caller caller, MonotonicTime now);

  /// Whether nobody else has the turn.
  [[nodiscard]] bool is_free_for(std::string_view profile, Caller caller, MonotonicTime now) const;

  [[nodiscard]] bool holds(std::string_view profile, Caller caller, MonotonicTime now) const;

  void give_back(std::string_view profile, Caller caller);

  /// The connection is gone.
  void drop(Caller caller);

  /// Drops what took too long.
  void expire(MonotonicTime now);

  [[nodiscard]] bool empty() const noexcept { return turns_.empty(); }

  /// When expire() has something to do.
  [[nodiscard]] std::optional<MonotonicTime> next_end() const;

 private:
  struct Turn {
    Caller caller = 0;
    MonotonicTime end;
  };

  [[nodiscard]] const Turn* find(std::string_view profile, MonotonicTime now) const;

  std::map<std::string, Turn, std::less<>> turns_;
};

}  // namespace hfauth::daemon
