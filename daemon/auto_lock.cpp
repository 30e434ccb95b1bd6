// SPDX-License-Identifier: Apache-2.0
#include "auto_lock.hpp"

#include <algorithm>

namespace hfauth::daemon {

std::optional<MonotonicTime> AutoLock::idle_end() const {
  if (!locking_.idle) return std::nullopt;
  return used_ + *locking_.idle;
}

std::optional<MonotonicTime> AutoLock::hard_end() const {
  if (!locking_.after) return std::nullopt;
  return opened_ + *locking_.after;
}

std::optional<MonotonicTime> AutoLock::due() const {
  const std::optional<MonotonicTime> idle = idle_end();
  const std::optional<MonotonicTime> hard = hard_end();
  if (idle && hard) return std::min(*idle, *hard);
  return idle ? idle : hard;
}

std::optional<WallTime> AutoLock::date() const {
  const std::optional<MonotonicTime> end = due();
  if (!end) return std::nullopt;
  return clock_.now() + std::chrono::ceil<std::chrono::seconds>(*end - boot_clock_());
}

std::string_view AutoLock::reason() const {
  return due() == hard_end() ? "after" : "idle";
}

}  // namespace hfauth::daemon
