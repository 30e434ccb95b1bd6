// SPDX-License-Identifier: Apache-2.0
//
// Time comes in through this seam, so that tests move it by hand (tests/support/fake_clock.hpp).
#pragma once

#include "hfauth/core/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace hfauth {

using WallTime = std::chrono::sys_seconds;
using MonotonicTime = std::chrono::steady_clock::time_point;

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime now() const = 0;  ///< UTC, for dates that people and servers see
  [[nodiscard]] virtual MonotonicTime monotonic() const = 0;  ///< for deadlines
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime now() const override;
  [[nodiscard]] MonotonicTime monotonic() const override;
};

/// "2026-11-22T10:00:00Z".
[[nodiscard]] std::string format_utc(WallTime time);

/// Reads ISO 8601 in UTC, with or without fractions of a second ("2026-01-02T03:04:05.000Z").
/// Errors: invalid_input.
[[nodiscard]] Result<WallTime> parse_utc(std::string_view text);

}  // namespace hfauth
