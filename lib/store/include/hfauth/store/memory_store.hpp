// SPDX-License-Identifier: Apache-2.0
//
// Tokens in guarded memory, gone with the process. For tests and HFAUTH_STORE=memory.
#pragma once

#include "hfauth/store/secret_store.hpp"

#include <map>

namespace hfauth::store {

class MemoryStore final : public SecretStore {
 public:
  [[nodiscard]] Result<void> put(const token::TokenRecord& record) override;
  [[nodiscard]] Result<token::TokenRecord> get(const token::ProfileName& profile) override;
  [[nodiscard]] Result<std::vector<token::TokenRecord>> list() override;
  [[nodiscard]] Result<void> remove(const token::ProfileName& profile) override;
  [[nodiscard]] Result<void> unlock(const Secret& passphrase) override;
  [[nodiscard]] StoreDescription describe() override;

 private:
  std::map<token::ProfileName, token::TokenRecord> records_;
};

}  // namespace hfauth::store
