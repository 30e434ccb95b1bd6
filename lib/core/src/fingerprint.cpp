// SPDX-License-Identifier: Apache-2.0
//
// Fingerprinter: keyed BLAKE2b, cut to 32 bits: enough to tell a person's handful of tokens apart,
// too short to be of use to anybody else.
#include "hfauth/core/fingerprint.hpp"

#include "hfauth/core/crypto.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"

namespace hfauth {
namespace {

/// Who holds the lock writes 32 bytes.
constexpr std::chrono::seconds kLockWait{5};

}  // namespace

Fingerprinter Fingerprinter::ephemeral() {
  return Fingerprinter(crypto::random_key());
}

Result<Fingerprinter> Fingerprinter::load_or_create(const std::filesystem::path& key_file) {
  Result<Secret> key = read_secret_file(key_file, crypto::kKeyBytes + 1);
  if (!key && key.error().code == Errc::not_found) {
    if (auto made = make_private_directory(key_file.parent_path()); !made) return made.error();
    // Two processes may come here at once: the lock lets one create and the other read.
    Result<FileLock> lock = FileLock::acquire(key_file.string() + ".lock", kLockWait);
    if (!lock) return lock.error();
    key = read_secret_file(key_file, crypto::kKeyBytes + 1);
    if (!key && key.error().code == Errc::not_found) {
      Secret fresh = crypto::random_key();
      if (auto written = write_file_atomically(key_file, fresh.expose(), 0600, Durability::synced);
          !written) {
        return written.error();
      }
      key = std::move(fresh);
    }
  }
  if (!key) return key.error();
  if (key->size() != crypto::kKeyBytes) {
    return Error{Errc::corrupt,
                 key_file.string() + ": not a fingerprint key; remove the file to get a new one"};
  }
  return Fingerprinter(std::move(*key));
}

std::string Fingerprinter::of(std::string_view token) const {
  return crypto::hex(crypto::keyed_hash(key_, token)).substr(0, 8);
}

}  // namespace hfauth
