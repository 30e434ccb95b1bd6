// SPDX-License-Identifier: Apache-2.0
//
// Time that also passes while the machine sleeps (CLOCK_BOOTTIME), which steady_clock's does not.
#pragma once

#include "hfauth/core/clock.hpp"

#include <functional>

namespace hfauth::daemon {

/// As Clock::monotonic(), but with an epoch of its own. A function of tests moves by hand.
using BootClock = std::function<MonotonicTime()>;

[[nodiscard]] MonotonicTime boot_time();

}  // namespace hfauth::daemon
