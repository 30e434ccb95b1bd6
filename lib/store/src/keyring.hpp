// SPDX-License-Identifier: Apache-2.0
//
// The store's operations on a Secret Service provider. Belongs to the worker's thread; every call
// blocks up to the deadline of the GioCall given. What was cached of a provider that ended is
// dropped, and the operation tried once more on a new connection.
#pragma once

#include "gio_worker.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/token_record.hpp"
#include "keyring_session.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hfauth::store {

/// What can be said of the provider after a successful connection.
struct KeyringState {
  std::string provider;        ///< program's name, "" if not known
  std::string collection;      ///< label of the default collection
  bool plain_session = false;  ///< the secrets cross the bus unencrypted
  bool locked = false;
  std::string before;    ///< the program that kept the tokens first, if it is another one now
  std::string left_out;  ///< what the last list() passed over and why, "" for nothing
};

class Keyring {
 public:
  explicit Keyring(std::string bus_address);
  ~Keyring();
  Keyring(const Keyring&) = delete;
  Keyring& operator=(const Keyring&) = delete;

  /// Errors of all: store_unavailable, store_timeout, permission; and those named.
  [[nodiscard]] Result<KeyringState> state(GioCall& call);
  /// Errors: locked, corrupt (reads back otherwise).
  [[nodiscard]] Result<void> put(GioCall& call, const token::TokenRecord& record);
  /// Errors: not_found, locked, corrupt.
  [[nodiscard]] Result<token::TokenRecord> get(GioCall& call, const std::string& profile);
  /// A profile without a usable item is left out, and state() says so: an item that another program
  /// left must not take the others away. Errors: locked.
  [[nodiscard]] Result<std::vector<token::TokenRecord>> list(GioCall& call);
  /// Errors: not_found, locked.
  [[nodiscard]] Result<void> remove(GioCall& call, const std::string& profile);
  /// Opens the default collection if the provider does so without a prompt. Errors: unsupported.
  [[nodiscard]] Result<void> unlock(GioCall& call);

  /// Lets go of connection and session; the next operation connects anew.
  void drop();

  /// Turns to a new provider if there is one, and sees that it has what the one before acknowledged
  /// of late. For every wake-up of the worker; does nothing while the provider is the same.
  void follow_provider(GioCall& call);

 private:
  /// Acknowledged, and not old enough to be taken for safe.
  struct Recent {
    token::TokenRecord record;
    Deadline stored;
  };

  [[nodiscard]] Result<void> connect(GioCall& call);
  void store_again(GioCall& call);
  [[nodiscard]] Result<void> store(GioCall& call, KeyringSession& session,
                                   const token::TokenRecord& record);

  template <class T, class Work>
  [[nodiscard]] Result<T> with_session(GioCall& call, const Work& work);

  std::string bus_address_;
  std::string left_out_;
  std::string first_provider_;
  std::map<std::string, Recent> recent_;
  std::unique_ptr<KeyringSession> session_;
};

/// Keeps GIO from loading modules, starting helpers or obeying SECRET_BACKEND in this process. Call
/// before any other use of GLib and before other threads read the environment.
void prepare_glib_environment();

}  // namespace hfauth::store
