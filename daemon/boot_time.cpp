// SPDX-License-Identifier: Apache-2.0
#include "boot_time.hpp"

#include <chrono>
#include <ctime>

namespace hfauth::daemon {

MonotonicTime boot_time() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return MonotonicTime(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace hfauth::daemon
