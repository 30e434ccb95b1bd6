// SPDX-License-Identifier: Apache-2.0
//
// The order of the header. A vault that exists counts as a choice even without a pin: its tokens
// must not vanish from sight because a keyring answers today.
#include "hfauth/store/selection.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/store/memory_store.hpp"
#include "hfauth/store/secret_service_store.hpp"
#include "hfauth/store/vault.hpp"
#include "store_pin.hpp"

#include <optional>
#include <system_error>
#include <utility>

namespace hfauth::store {
namespace {

constexpr std::string_view kMemory = "memory";

Error unavailable(std::string_view name, std::string_view chosen_by, const Error& reason) {
  return {Errc::store_unavailable, "the store " + std::string(name) + ", chosen by " +
                                       std::string(chosen_by) +
                                       ", cannot be opened: " + reason.detail};
}

/// Opens the store of that name, locked or not. Errors: store_unavailable.
Result<std::unique_ptr<SecretStore>> open_chosen(std::string_view name, std::string_view chosen_by,
                                                 const Environment& environment,
                                                 const UserPaths& paths) {
  if (name == kMemory) {
    return std::unique_ptr<SecretStore>(std::make_unique<MemoryStore>());
  }
  Result<std::unique_ptr<SecretStore>> store = open_by_name(name, environment, paths, true);
  if (!store) {
    return unavailable(name, chosen_by, store.error());
  }
  return store;
}

}  // namespace

Result<Selection> select_store(const Environment& environment, const UserPaths& paths) {
  Selection selection;
  if (const auto wanted = environment.non_empty("HFAUTH_STORE")) {
    if (!is_lasting(*wanted) && *wanted != kMemory) {
      return Error{Errc::usage, "HFAUTH_STORE must be secret-service, vault or memory"};
    }
    auto store = open_chosen(*wanted, "HFAUTH_STORE", environment, paths);
    if (!store) {
      return store.error();
    }
    selection.store = std::move(*store);
    return selection;
  }

  const Result<std::optional<std::string>> pin = read_store_name(pin_file(paths));
  if (!pin) {
    return pin.error();
  }
  if (*pin) {
    auto store = open_chosen(**pin, pin_file(paths).string(), environment, paths);
    if (!store) {
      return store.error();
    }
    selection.store = std::move(*store);
    selection.pinned = true;
    return selection;
  }

  const VaultFiles vault_files = VaultFiles::in(paths);
  std::error_code ignored;  // what cannot be looked at is for open_vault to report
  if (std::filesystem::exists(vault_files.vault, ignored)) {
    selection.refusals.push_back(
        {std::string(kSecretService), "a vault exists already: " + vault_files.vault.string()});
  } else {
    auto keyring = open_secret_service(environment, kProbeDeadline, kCallDeadline, false);
    if (keyring) {
      selection.store = std::move(*keyring);
      return selection;
    }
    selection.refusals.push_back({std::string(kSecretService), keyring.error().detail});
  }
  auto vault = open_vault(vault_files);
  if (!vault) {
    return vault.error();
  }
  selection.store = std::move(*vault);
  return selection;
}

Result<void> pin_store(const UserPaths& paths, std::string_view name) {
  if (name == kMemory) {
    return {};
  }
  if (!is_lasting(name)) {
    return Error{Errc::usage, "no store is called " + std::string(name)};
  }
  if (const Result<void> made = make_private_directory(paths.state); !made) {
    return made.error();
  }
  return write_file_atomically(pin_file(paths), std::string(name) + "\n", 0600, Durability::synced);
}

}  // namespace hfauth::store
