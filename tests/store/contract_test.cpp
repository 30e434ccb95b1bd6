// SPDX-License-Identifier: Apache-2.0
//
// The contract on the stores that need nothing from the machine.
#include "hfauth/store/memory_store.hpp"
#include "hfauth/store/vault.hpp"
#include "store/samples.hpp"

#include <boost/mp11/list.hpp>

#include <memory>

namespace hfauth::testing {
namespace {

struct MemoryMaker {
  static constexpr bool kPersistent = false;

  std::unique_ptr<store::SecretStore> open() { return std::make_unique<store::MemoryStore>(); }

  Secret passphrase() { return {}; }
};

struct KeyFileVaultMaker {
  static constexpr bool kPersistent = true;
  ScratchFolder folder;

  [[nodiscard]] store::VaultFiles files() const {
    return {.vault = folder.path() / "data" / "vault",
            .key_file = folder.path() / "state" / "vault.key"};
  }

  std::unique_ptr<store::SecretStore> open() {
    return std::move(store::open_vault(files())).value();
  }

  Secret passphrase() { return {}; }
};

struct PassphraseVaultMaker {
  static constexpr bool kPersistent = true;
  KeyFileVaultMaker place;

  PassphraseVaultMaker() { store::set_vault_passphrase(place.files(), {}, passphrase()).value(); }

  std::unique_ptr<store::SecretStore> open() {
    auto store = place.open();
    store->unlock(passphrase()).value();
    return store;
  }

  Secret passphrase() { return Secret::copy_of("a test passphrase"); }
};

using ContractMakers = boost::mp11::mp_list<MemoryMaker, KeyFileVaultMaker, PassphraseVaultMaker>;

}  // namespace
}  // namespace hfauth::testing

#include "store/contract.hpp"
