// SPDX-License-Identifier: Apache-2.0
//
// The desktop's keyring by the Secret Service API 0.2, through libsecret; the only file that
// includes libsecret is keyring_session.cpp. One worker thread owns a GMainContext and uses
// the asynchronous API; every call has a deadline; no prompt is ever shown (facts/agent.md §4,
// facts/machine.md §2).
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/store/secret_store.hpp"

#include <chrono>
#include <memory>

namespace hfauth::store {

/// Connects and probes: a provider answers, its default collection exists and is not locked. Blocks
/// up to `probe`. Errors: store_unavailable (detail: no bus, no provider, no default collection),
/// locked, store_timeout. `accept_locked`: a locked default collection is no error; the store then
/// answers `locked`. The bus is found by `environment` (DBUS_SESSION_BUS_ADDRESS, else the socket
/// in XDG_RUNTIME_DIR) and never started. The first call changes a few variables of this process
/// that GLib reads (GIO_*, G_DEBUG, SECRET_BACKEND): make it before other threads use getenv.
[[nodiscard]] Result<std::unique_ptr<SecretStore>> open_secret_service(
    const Environment& environment, std::chrono::milliseconds probe, std::chrono::milliseconds call,
    bool accept_locked);

}  // namespace hfauth::store
