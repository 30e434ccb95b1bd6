// SPDX-License-Identifier: Apache-2.0
//
// Which store is used, decided once: the Secret Service if a provider answers within 1.5 s and its
// default collection is usable without a prompt, else the vault. The choice is pinned in a file, so
// that a slow keyring at one login does not split the tokens over two stores; each refusal keeps
// its reason for `status`.
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/store/secret_store.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace hfauth::store {

inline constexpr std::chrono::milliseconds kProbeDeadline{
    1500};  ///< a login must not feel slow because of a dead keyring
inline constexpr std::chrono::milliseconds kCallDeadline{
    5000};  ///< a store of gnome-keyring takes up to 82 ms here

struct Refusal {
  std::string store;   ///< "secret-service"
  std::string reason;  ///< one line: "no D-Bus session (DBUS_SESSION_BUS_ADDRESS is not set)"
};

struct Selection {
  std::unique_ptr<SecretStore> store;
  std::vector<Refusal>
      refusals;         ///< stores that come earlier in the order and why they were not taken
  bool pinned = false;  ///< the choice was read from the pin file, not made now
};

/// Order: HFAUTH_STORE (secret-service, vault, memory) if set; the pin file <state>/store; an
/// existing vault, whose tokens must stay in sight; the probe. Blocks up to kProbeDeadline. A
/// pinned Secret Service that does not answer now is an error and never a silent change to the
/// vault. Errors: usage (unknown HFAUTH_STORE), store_unavailable (pinned store cannot be opened),
/// permission, io, corrupt.
[[nodiscard]] Result<Selection> select_store(const Environment& environment,
                                             const UserPaths& paths);

/// Remembers the choice after the first successful put; `name` as in StoreDescription. The memory
/// store is never pinned: success, nothing written. Errors: usage (unknown name), permission,
/// no_space, io.
[[nodiscard]] Result<void> pin_store(const UserPaths& paths, std::string_view name);

}  // namespace hfauth::store
