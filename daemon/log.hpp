// SPDX-License-Identifier: Apache-2.0
//
// One line on stderr an event, with the journal's "<N>" prefix when systemd reads it
// (sd-daemon(3)). Lines pass through redact(), as a net; no caller hands a secret in. Thread-safe.
#pragma once

#include <string_view>

namespace hfauth::daemon {

enum class LogLevel { error = 3, warning = 4, notice = 5, info = 6 };

/// Call once in main: from now on lines are the journal's if stderr is.
void find_journal();

/// Call once in main of another program than hfauthd: what its lines begin with. Not copied.
void log_as(const char* program) noexcept;

void log_line(LogLevel level, std::string_view text);

}  // namespace hfauth::daemon
