// SPDX-License-Identifier: Apache-2.0
//
// When the agent locks by itself: some time after the last token went out, and some time after it
// was opened, whatever went out. Counted by CLOCK_BOOTTIME: a machine that slept for a night was
// idle for a night, and setting the clock changes nothing. Pure; lives on the loop.
#pragma once

#include "boot_time.hpp"
#include "config.hpp"
#include "hfauth/core/clock.hpp"

#include <optional>

namespace hfauth::daemon {

class AutoLock {
 public:
  AutoLock(const Clock& clock, BootClock boot_clock)
      : clock_(clock), boot_clock_(std::move(boot_clock)), opened_(boot_clock_()), used_(opened_) {}

  void configure(const Config::Locking& locking) { locking_ = locking; }

  void on_use() { used_ = boot_clock_(); }

  void on_unlock() { opened_ = used_ = boot_clock_(); }

  /// By the boot clock; nullopt: never.
  [[nodiscard]] std::optional<MonotonicTime> due() const;

  [[nodiscard]] bool is_due() const { return due() && *due() <= boot_clock_(); }

  /// The same as a date, for people.
  [[nodiscard]] std::optional<WallTime> date() const;

  /// "idle" or "after", by which of both is due first.
  [[nodiscard]] std::string_view reason() const;

 private:
  [[nodiscard]] std::optional<MonotonicTime> idle_end() const;
  [[nodiscard]] std::optional<MonotonicTime> hard_end() const;

  const Clock& clock_;
  BootClock boot_clock_;
  Config::Locking locking_;
  MonotonicTime opened_;
  MonotonicTime used_;
};

}  // namespace hfauth::daemon
