// SPDX-License-Identifier: Apache-2.0
//
// Ownership is checked on the name and not on the open file: whoever can swap names in our 0700
// folder is us already, and the seal guards the content.
#include "vault_file.hpp"

#include "hfauth/core/crypto.hpp"
#include "hfauth/core/paths.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace hfauth::store::vault {
namespace {

constexpr mode_t kWritableByOthers = 0022;
constexpr mode_t kAnyUseByOthers = 0077;

std::filesystem::path beside(const std::filesystem::path& path, std::string_view suffix) {
  std::filesystem::path result = path;
  result += suffix;
  return result;
}

/// Errors: not_found, permission, io, denied.
Result<void> check_ours(const std::filesystem::path& path, mode_t forbidden) {
  struct stat status {};

  if (::lstat(path.c_str(), &status) != 0) {
    return error_from_errno(errno, path.string());
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{Errc::denied, path.string() + " is not a regular file"};
  }
  if (status.st_uid != ::geteuid()) {
    return Error{Errc::denied, path.string() + " belongs to another user (uid " +
                                   std::to_string(status.st_uid) + ")"};
  }
  if ((status.st_mode & forbidden) != 0) {
    return Error{Errc::denied, path.string() + " is open to other users: run chmod 600 on it"};
  }
  return {};
}

Result<Secret> create_key(const std::filesystem::path& path) {
  if (const Result<void> made = make_private_directory(path.parent_path()); !made) {
    return made.error();
  }
  Secret key = crypto::random_key();
  const Result<void> written = write_file_atomically(path, key.expose(), 0600, Durability::synced);
  if (!written) {
    return written.error();
  }
  return key;
}

}  // namespace

std::filesystem::path previous_of(const VaultFiles& files) {
  return beside(files.vault, ".previous");
}

std::filesystem::path damaged_of(const VaultFiles& files) {
  return beside(files.vault, ".damaged");
}

std::filesystem::path lock_of(const VaultFiles& files) {
  return beside(files.vault, ".lock");
}

Result<Image> read_image(const std::filesystem::path& path) {
  if (const Result<void> ours = check_ours(path, kWritableByOthers); !ours) {
    return ours.error();
  }
  Result<std::string> bytes = read_file(path, kMaxFileBytes);
  if (!bytes) {
    if (bytes.error().code == Errc::too_large) {
      return Error{Errc::corrupt, path.string() + " is larger than any vault"};
    }
    return bytes.error();
  }
  Result<Header> header = parse_header(*bytes);
  if (!header) {
    return Error{header.error().code, header.error().detail + " (" + path.string() + ")"};
  }
  return Image{std::move(*header), std::move(*bytes)};
}

Result<Secret> read_key_file(const std::filesystem::path& path) {
  if (const Result<void> ours = check_ours(path, kAnyUseByOthers); !ours) {
    if (ours.error().code == Errc::not_found) {
      return Error{Errc::store_unavailable,
                   "the vault's key file " + path.string() +
                       " is missing: restore it, or remove the vault and log in again"};
    }
    return ours.error();
  }
  Result<Secret> key = read_secret_file(path, crypto::kKeyBytes + 1);
  const bool wrong_size =
      key ? key->size() != crypto::kKeyBytes : key.error().code == Errc::too_large;
  if (wrong_size) {
    return Error{Errc::corrupt,
                 "the vault's key file " + path.string() + " does not have 32 bytes"};
  }
  return key;
}

Result<Secret> read_or_create_key_file(const std::filesystem::path& path) {
  Result<Secret> key = read_key_file(path);
  if (!key && key.error().code == Errc::store_unavailable) {
    return create_key(path);
  }
  return key;
}

Result<Secret> replace_key_file(const std::filesystem::path& path) {
  return create_key(path);
}

Result<FileLock> lock_vault(const VaultFiles& files) {
  if (const Result<void> made = make_private_directory(files.vault.parent_path()); !made) {
    return made.error();
  }
  Result<FileLock> lock = FileLock::acquire(lock_of(files), files.lock_wait);
  if (!lock && lock.error().code == Errc::timeout) {
    return Error{Errc::store_timeout, lock.error().detail + "; let it go on, or end it"};
  }
  return lock;
}

Result<void> replace_vault(const VaultFiles& files, const std::optional<Image>& current,
                           std::string_view new_bytes) {
  if (current) {
    const Result<void> kept =
        write_file_atomically(previous_of(files), current->bytes, 0600, Durability::synced);
    if (!kept) {
      return kept.error();
    }
  } else if (::rename(files.vault.c_str(), damaged_of(files).c_str()) != 0 && errno != ENOENT) {
    return error_from_errno(errno, files.vault.string());
  }
  return write_file_atomically(files.vault, new_bytes, 0600, Durability::synced);
}

}  // namespace hfauth::store::vault
