// SPDX-License-Identifier: Apache-2.0
//
// systemd, if it started us: the sockets it opened, and what it wants to be told (sd_listen_fds(3),
// sd_notify(3)). All functions do nothing where there is no systemd. service_manager.cpp is the
// only file that includes libsystemd.
#pragma once

#include "hfauth/core/result.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace hfauth::daemon::service_manager {

/// The listening Unix sockets handed over, close-on-exec; empty without socket activation. Takes
/// the variables out of the environment. Errors: usage (something else was handed over).
[[nodiscard]] Result<std::vector<int>> activation_sockets();

/// How often the watchdog must hear from us; nullopt if it does not listen.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_period();

void tell_ready(std::string_view status);
void tell_stopping();
void tell_alive();

}  // namespace hfauth::daemon::service_manager
