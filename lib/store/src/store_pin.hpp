// SPDX-License-Identifier: Apache-2.0
//
// The names of the stores, the one-line file that says which one is chosen, and opening a store by
// its name: for the choice (selection.cpp) and for moving between stores (migration.cpp).
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/store/secret_store.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::store {

inline constexpr std::string_view kSecretService = "secret-service";
inline constexpr std::string_view kVault = "vault";

/// Whether `name` is a store that can be chosen for good.
[[nodiscard]] bool is_lasting(std::string_view name) noexcept;

[[nodiscard]] std::filesystem::path pin_file(const UserPaths& paths);

/// What a file says that holds the name of a store and nothing else; nullopt: there is no such
/// file. Errors: corrupt (it names no store; the text says what to do), permission, io.
[[nodiscard]] Result<std::optional<std::string>> read_store_name(const std::filesystem::path& file);

/// Blocks up to kProbeDeadline. `even_locked`: a keyring whose collection is locked is opened too.
/// Errors: of the store.
[[nodiscard]] Result<std::unique_ptr<SecretStore>> open_by_name(std::string_view name,
                                                                const Environment& environment,
                                                                const UserPaths& paths,
                                                                bool even_locked);

}  // namespace hfauth::store
