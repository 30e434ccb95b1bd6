// SPDX-License-Identifier: Apache-2.0
//
// SecretStore over a Keyring that lives on a worker's thread: each call becomes one job with a
// deadline. Jobs own what they work on, because after a time-out a job may outlive its caller.
#include "hfauth/store/secret_service_store.hpp"

#include "gio_worker.hpp"
#include "keyring.hpp"
#include "secret_service_rules.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace hfauth::store {
namespace {

constexpr std::chrono::milliseconds kDropTime{200};  // to close the connection at the end

constexpr const char* kProtection =
    "Kept by the desktop's keyring, encrypted under its password while it is locked; not protected "
    "against programs "
    "that run as you while it is unlocked.";
constexpr const char* kPlainSession = " This keyring takes secrets over the bus unencrypted.";

class SecretServiceStore final : public SecretStore {
 public:
  SecretServiceStore(std::string bus_address, std::chrono::milliseconds probe,
                     std::chrono::milliseconds call)
      : keyring_(std::make_shared<Keyring>(std::move(bus_address))),
        probe_time_(probe),
        call_time_(call) {
    worker_.on_event(probe,
                     [keyring = keyring_](GioCall& event) { keyring->follow_provider(event); });
  }

  ~SecretServiceStore() override {
    static_cast<void>(worker_.run<void>(kDropTime, [keyring = keyring_](GioCall&) -> Result<void> {
      keyring->drop();
      return {};
    }));
  }

  SecretServiceStore(const SecretServiceStore&) = delete;
  SecretServiceStore& operator=(const SecretServiceStore&) = delete;

  [[nodiscard]] Result<KeyringState> probe() {
    return worker_.run<KeyringState>(
        probe_time_, [keyring = keyring_](GioCall& call) { return keyring->state(call); });
  }

  [[nodiscard]] Result<void> put(const token::TokenRecord& record) override {
    const auto owned = std::make_shared<const token::TokenRecord>(record.clone());
    return worker_.run<void>(call_time_, [keyring = keyring_, owned](GioCall& call) {
      return keyring->put(call, *owned);
    });
  }

  [[nodiscard]] Result<token::TokenRecord> get(const token::ProfileName& profile) override {
    return worker_.run<token::TokenRecord>(
        call_time_, [keyring = keyring_, name = profile.str()](GioCall& call) {
          return keyring->get(call, name);
        });
  }

  [[nodiscard]] Result<std::vector<token::TokenRecord>> list() override {
    return worker_.run<std::vector<token::TokenRecord>>(
        call_time_, [keyring = keyring_](GioCall& call) { return keyring->list(call); });
  }

  [[nodiscard]] Result<void> remove(const token::ProfileName& profile) override {
    return worker_.run<void>(call_time_, [keyring = keyring_, name = profile.str()](GioCall& call) {
      return keyring->remove(call, name);
    });
  }

  [[nodiscard]] Result<void> unlock(const Secret& /*passphrase*/) override {
    return worker_.run<void>(call_time_,
                             [keyring = keyring_](GioCall& call) { return keyring->unlock(call); });
  }

  [[nodiscard]] StoreDescription describe_from_memory() override {
    return {.name = "secret-service",
            .place = place_,
            .protection = kProtection,
            .persistent = true,
            .locked = false,
            .trouble = {},
            .comes_and_goes = true,
            .file = {}};
  }

  [[nodiscard]] StoreDescription describe() override {
    StoreDescription description = describe_from_memory();
    const Result<KeyringState> state = probe();
    if (!state) {
      description.trouble = state.error().detail;
      return description;
    }
    if (!state->before.empty()) {
      description.trouble = "the keyring is provided by " + state->provider +
                            " now; the tokens were stored with " + state->before;
    }
    place_ = (state->provider.empty() ? "keyring of the desktop" : state->provider) +
             ", collection “" + state->collection + "”";
    if (!state->left_out.empty()) {
      place_ += " (left out: " + state->left_out + ")";
    }
    description.place = place_;
    description.locked = state->locked;
    if (state->plain_session) {
      description.protection += kPlainSession;
    }
    return description;
  }

 private:
  std::shared_ptr<Keyring> keyring_;
  std::chrono::milliseconds probe_time_;
  std::chrono::milliseconds call_time_;
  std::string place_ = "keyring of the desktop";
  GioWorker worker_;
};

}  // namespace

Result<std::unique_ptr<SecretStore>> open_secret_service(const Environment& environment,
                                                         std::chrono::milliseconds probe,
                                                         std::chrono::milliseconds call,
                                                         bool accept_locked) {
  Result<std::string> address = secret_service::session_bus_address(environment);
  if (!address) {
    return address.error();
  }
  static std::once_flag prepared;
  std::call_once(prepared, prepare_glib_environment);
  auto store = std::make_unique<SecretServiceStore>(std::move(*address), probe, call);
  const Result<KeyringState> state = store->probe();
  if (!state) {
    return state.error();
  }
  if (state->locked && !accept_locked) {
    return Error{Errc::locked,
                 "the keyring's default collection “" + state->collection + "” is locked"};
  }
  return std::unique_ptr<SecretStore>(std::move(store));
}

}  // namespace hfauth::store
