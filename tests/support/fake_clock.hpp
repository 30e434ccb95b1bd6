// SPDX-License-Identifier: Apache-2.0
//
// A clock that stands still until a test moves it.
#pragma once

#include "hfauth/core/clock.hpp"

namespace hfauth::testing {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(WallTime start = WallTime{std::chrono::sys_days{std::chrono::year{2026} / 11 /
                                                                     22}})
      : wall_(start) {}

  [[nodiscard]] WallTime now() const override { return wall_; }

  [[nodiscard]] MonotonicTime monotonic() const override { return monotonic_; }

  void advance(std::chrono::seconds step) {
    wall_ += step;
    monotonic_ += step;
  }

 private:
  WallTime wall_;
  MonotonicTime monotonic_{};
};

}  // namespace hfauth::testing
