// SPDX-License-Identifier: Apache-2.0
#include "store_pin.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/store/secret_service_store.hpp"
#include "hfauth/store/selection.hpp"
#include "hfauth/store/vault.hpp"

#include <utility>

namespace hfauth::store {
namespace {

constexpr std::size_t kNameLimit = 64;

}  // namespace

bool is_lasting(std::string_view name) noexcept {
  return name == kSecretService || name == kVault;
}

std::filesystem::path pin_file(const UserPaths& paths) {
  return paths.state / "store";
}

Result<std::optional<std::string>> read_store_name(const std::filesystem::path& file) {
  Result<std::string> content = read_file(file, kNameLimit);
  if (!content) {
    if (content.error().code == Errc::not_found) return std::optional<std::string>();
    if (content.error().code != Errc::too_large) return content.error();
    content = std::string();
  }
  while (content->ends_with('\n'))
    content->pop_back();
  if (!is_lasting(*content)) {
    return Error{
        Errc::corrupt,
        file.string() + " names no store: write secret-service or vault into it, or remove it"};
  }
  return std::optional<std::string>(std::move(*content));
}

Result<std::unique_ptr<SecretStore>> open_by_name(std::string_view name,
                                                  const Environment& environment,
                                                  const UserPaths& paths, bool even_locked) {
  if (name == kVault) return open_vault(VaultFiles::in(paths));
  return open_secret_service(environment, kProbeDeadline, kCallDeadline, even_locked);
}

}  // namespace hfauth::store
