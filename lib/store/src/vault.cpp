// SPDX-License-Identifier: Apache-2.0
//
// VaultStore: each read opens the file anew, so that what another process wrote is seen; each write
// happens under the lock on what was read under the same lock, so that no update is lost. Only the
// key is kept between calls, in guarded memory, under the salt that names it. One thread at a time
// uses an object; processes may share the files.
//
// A damaged or missing vault beside a good vault.previous is read from there, and describe() says
// so until the next write; the damaged file is then kept as vault.damaged. A wrong key or a later
// version is not damage.
#include "hfauth/store/vault.hpp"

#include "hfauth/core/crypto.hpp"
#include "vault_file.hpp"
#include "vault_format.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace hfauth::store {
namespace {

using vault::Image;
using vault::Kdf;
using vault::KeyRule;
using vault::Records;

constexpr std::string_view kKeyFileProtection =
    "Encrypted with a key file in another folder: protects copies and backups of the vault, not "
    "against programs that "
    "run as you or whoever can read your whole home directory.";
/// A key is changed in milliseconds; opening a damaged vault asks four times for the lock.
constexpr std::chrono::milliseconds kSettleWait{250};

constexpr std::string_view kPassphraseProtection =
    "Encrypted under your passphrase: protects the tokens on the disk and in every backup, not "
    "against programs that "
    "run as you while it is unlocked.";

class VaultStore final : public SecretStore {
 public:
  explicit VaultStore(VaultFiles files) : files_(std::move(files)) {}

  /// Everything that can be said without a passphrase. Errors: as open_vault.
  [[nodiscard]] Result<void> check();

  [[nodiscard]] Result<void> put(const token::TokenRecord& record) override;
  [[nodiscard]] Result<token::TokenRecord> get(const token::ProfileName& profile) override;
  [[nodiscard]] Result<std::vector<token::TokenRecord>> list() override;
  [[nodiscard]] Result<void> remove(const token::ProfileName& profile) override;
  [[nodiscard]] Result<void> unlock(const Secret& passphrase) override;
  [[nodiscard]] StoreDescription describe() override;

  /// set_vault_passphrase after unlock. Errors: as put.
  [[nodiscard]] Result<void> change_key(const Secret& wanted);

 private:
  struct Content {
    std::optional<KeyRule> rule;  // none: there is no vault yet
    std::uint64_t generation = 0;
    Records records;
    std::optional<Image> current;  // the intact file `vault`; none if missing or damaged
    std::string notice;            // says that an older generation is in use
  };

  [[nodiscard]] Result<Content> load();
  [[nodiscard]] Result<Content> load_settled();
  [[nodiscard]] Result<Image> choose_image(std::string& notice) const;
  [[nodiscard]] Result<Records> open(const Image& image);
  [[nodiscard]] Result<void> have_key_for(const vault::Header& header);
  [[nodiscard]] Result<void> update(const std::function<Result<void>(Records&)>& change);
  [[nodiscard]] Result<void> write(const Content& old, const Records& records);
  [[nodiscard]] Result<void> ensure_rule(Content& content);

  VaultFiles files_;
  std::string key_salt_;  // of the key in key_; empty: no key
  Secret key_;
};

Error missing(const token::ProfileName& profile) {
  return Error{Errc::not_found, "no token is stored for profile " + profile.str()};
}

Result<void> VaultStore::check() {
  std::string notice;
  const Result<Image> image = choose_image(notice);
  if (!image) {
    if (image.error().code == Errc::not_found) {
      return {};
    }
    return image.error();
  }
  if (image->header.rule.kdf == Kdf::argon2id) {
    return {};
  }
  const Result<Content> content = load_settled();
  if (!content) {
    return content.error();
  }
  return {};
}

/// The file to read by its header alone. Errors: not_found (neither file is there: nothing was ever
/// stored), and the vault's own error if the previous generation does not help; where the vault is
/// missing, the previous generation's, because whatever it holds is the last copy.
Result<Image> VaultStore::choose_image(std::string& notice) const {
  Result<Image> current = vault::read_image(files_.vault);
  if (current ||
      (current.error().code != Errc::corrupt && current.error().code != Errc::not_found)) {
    return current;
  }
  Result<Image> previous = vault::read_image(vault::previous_of(files_));
  if (!previous) {
    const bool last_copy = current.error().code == Errc::not_found;
    return last_copy ? previous.error() : current.error();
  }
  notice = current.error().code == Errc::corrupt ? "is damaged" : "is missing";
  return previous;
}

Result<void> VaultStore::have_key_for(const vault::Header& header) {
  if (key_salt_ == header.rule.salt) {
    return {};
  }
  if (header.rule.kdf == Kdf::argon2id) {
    return Error{Errc::locked, "the vault is locked: run hfauth unlock"};
  }
  Result<Secret> key = vault::read_key_file(files_.key_file);
  if (!key) {
    return key.error();
  }
  if (const Result<void> fits = vault::check_key(header, *key); !fits) {
    return fits.error();
  }
  key_ = std::move(*key);
  key_salt_ = header.rule.salt;
  return {};
}

Result<Records> VaultStore::open(const Image& image) {
  if (const Result<void> have = have_key_for(image.header); !have) {
    return have.error();
  }
  return vault::open_body(image.header, image.bytes, key_);
}

Result<VaultStore::Content> VaultStore::load() {
  Content content;
  Result<Image> image = choose_image(content.notice);
  if (!image) {
    if (image.error().code == Errc::not_found) {
      return content;
    }
    return image.error();
  }
  Result<Records> records = open(*image);
  if (!records && records.error().code == Errc::corrupt && content.notice.empty()) {
    // The header is intact and the key is right, but the body is not: the previous generation may
    // still be good.
    Result<Image> previous = vault::read_image(vault::previous_of(files_));
    if (!previous) {
      return records.error();
    }
    Result<Records> older = open(*previous);
    if (!older) {
      return records.error();
    }
    content.notice = "is damaged";
    image = std::move(previous);
    records = std::move(older);
  }
  if (!records) {
    return records.error();
  }
  content.rule = image->header.rule;
  content.generation = image->header.generation;
  content.records = std::move(*records);
  if (content.notice.empty()) {
    content.current = std::move(*image);
  }
  return content;
}

/// load(), and once more under the lock if it failed: a change of key in another process touches
/// two files. That takes milliseconds; where the lock is held longer, the failure stands.
Result<VaultStore::Content> VaultStore::load_settled() {
  Result<Content> content = load();
  if (content || content.error().code == Errc::locked) {
    return content;
  }
  VaultFiles impatient = files_;
  impatient.lock_wait = std::min(files_.lock_wait, kSettleWait);
  const Result<FileLock> lock = vault::lock_vault(impatient);
  if (!lock) {
    return content;
  }
  return load();
}

/// A vault that does not exist yet gets its key file now.
Result<void> VaultStore::ensure_rule(Content& content) {
  if (content.rule) {
    return {};
  }
  Result<Secret> key = vault::read_or_create_key_file(files_.key_file);
  if (!key) {
    return key.error();
  }
  content.rule = KeyRule::fresh(Kdf::key_file);
  key_ = std::move(*key);
  key_salt_ = content.rule->salt;
  return {};
}

Result<void> VaultStore::write(const Content& old, const Records& records) {
  const Result<std::string> image =
      vault::write_image(*old.rule, key_, old.generation + 1, records);
  if (!image) {
    return image.error();
  }
  if (const Result<void> replaced = vault::replace_vault(files_, old.current, *image); !replaced) {
    return replaced.error();
  }
  const Result<Image> stored = vault::read_image(files_.vault);
  if (!stored) {
    return stored.error();
  }
  if (stored->bytes != *image) {
    return Error{Errc::corrupt,
                 files_.vault.string() + " reads back other bytes than were written"};
  }
  const Result<Records> opened = open(*stored);
  if (!opened) {
    return opened.error();
  }
  return {};
}

Result<void> VaultStore::update(const std::function<Result<void>(Records&)>& change) {
  const Result<FileLock> lock = vault::lock_vault(files_);
  if (!lock) {
    return lock.error();
  }
  Result<Content> content = load();
  if (!content) {
    return content.error();
  }
  if (const Result<void> changed = change(content->records); !changed) {
    return changed.error();
  }
  if (const Result<void> ruled = ensure_rule(*content); !ruled) {
    return ruled.error();
  }
  return write(*content, content->records);
}

Result<void> VaultStore::put(const token::TokenRecord& record) {
  return update([&record](Records& records) -> Result<void> {
    records.insert_or_assign(record.facts.profile, record.clone());
    return {};
  });
}

Result<void> VaultStore::remove(const token::ProfileName& profile) {
  return update([&profile](Records& records) -> Result<void> {
    if (records.erase(profile) == 0) {
      return missing(profile);
    }
    return {};
  });
}

Result<token::TokenRecord> VaultStore::get(const token::ProfileName& profile) {
  Result<Content> content = load_settled();
  if (!content) {
    return content.error();
  }
  const auto found = content->records.find(profile);
  if (found == content->records.end()) {
    return missing(profile);
  }
  return std::move(found->second);
}

Result<std::vector<token::TokenRecord>> VaultStore::list() {
  Result<Content> content = load_settled();
  if (!content) {
    return content.error();
  }
  std::vector<token::TokenRecord> all;
  all.reserve(content->records.size());
  for (auto& [profile, record] : content->records) {
    all.push_back(std::move(record));
  }
  return all;
}

Result<void> VaultStore::unlock(const Secret& passphrase) {
  std::string notice;
  const Result<Image> image = choose_image(notice);
  if (!image) {
    if (image.error().code == Errc::not_found) {
      return {};
    }
    return image.error();
  }
  const KeyRule& rule = image->header.rule;
  if (rule.kdf == Kdf::argon2id) {
    Result<Secret> key = crypto::derive_key(passphrase, rule.salt, rule.passes, rule.memory_bytes);
    if (!key) {
      return key.error();
    }
    if (const Result<void> fits = vault::check_key(image->header, *key); !fits) {
      return fits.error();
    }
    key_ = std::move(*key);
    key_salt_ = rule.salt;
  }
  const Result<Content> content = load_settled();
  if (!content) {
    return content.error();
  }
  return {};
}

StoreDescription VaultStore::describe() {
  StoreDescription description{.name = "vault",
                               .place = files_.vault.string(),
                               .protection = std::string(kKeyFileProtection),
                               .persistent = true,
                               .locked = false,
                               .trouble = {},
                               .comes_and_goes = false,
                               .file = files_.vault};
  std::string notice;
  const Result<Image> image = choose_image(notice);
  if (!image) {
    if (image.error().code != Errc::not_found) {
      description.trouble = image.error().detail;
    }
    return description;
  }
  if (image->header.rule.kdf == Kdf::argon2id) {
    description.protection = kPassphraseProtection;
    description.locked = key_salt_ != image->header.rule.salt;
  }
  std::uint64_t generation = image->header.generation;
  if (!description.locked) {
    Result<Content> content = load_settled();
    if (!content) {
      description.trouble = content.error().detail;
      return description;
    }
    notice = std::move(content->notice);
    generation = content->generation;
  }
  if (!notice.empty()) {
    description.trouble = "the vault " + notice + "; generation " + std::to_string(generation) +
                          " from " + vault::previous_of(files_).filename().string() +
                          " is in use, the newest change may be missing";
  }
  return description;
}

Result<void> VaultStore::change_key(const Secret& wanted) {
  const Result<FileLock> lock = vault::lock_vault(files_);
  if (!lock) {
    return lock.error();
  }
  Result<Content> content = load();
  if (!content) {
    return content.error();
  }
  const bool to_key_file = wanted.empty();
  if (to_key_file && (!content->rule || content->rule->kdf == Kdf::key_file)) {
    return {};
  }
  const KeyRule rule = KeyRule::fresh(to_key_file ? Kdf::key_file : Kdf::argon2id);
  Result<Secret> key = to_key_file
                           ? vault::replace_key_file(files_.key_file)
                           : crypto::derive_key(wanted, rule.salt, rule.passes, rule.memory_bytes);
  if (!key) {
    return key.error();
  }
  key_ = std::move(*key);
  key_salt_ = rule.salt;
  content->rule = rule;
  if (const Result<void> written = write(*content, content->records); !written) {
    return written.error();
  }
  // vault.previous still stands under the old key, which must not open anything any more: the new
  // image replaces it.
  const Result<Image> stored = vault::read_image(files_.vault);
  if (!stored) {
    return stored.error();
  }
  if (const Result<void> kept = write_file_atomically(vault::previous_of(files_), stored->bytes,
                                                      0600, Durability::synced);
      !kept) {
    return kept.error();
  }
  std::error_code failed;
  if (!to_key_file && !std::filesystem::remove(files_.key_file, failed) && failed) {
    return error_from_errno(failed.value(), files_.key_file.string());
  }
  return {};
}

}  // namespace

VaultFiles VaultFiles::in(const UserPaths& paths) {
  return {.vault = paths.data / "vault", .key_file = paths.state / "vault.key"};
}

Result<std::unique_ptr<SecretStore>> open_vault(const VaultFiles& files) {
  auto store = std::make_unique<VaultStore>(files);
  if (const Result<void> checked = store->check(); !checked) {
    return checked.error();
  }
  return std::unique_ptr<SecretStore>(std::move(store));
}

Result<void> set_vault_passphrase(const VaultFiles& files, const Secret& current,
                                  const Secret& wanted) {
  VaultStore store(files);
  if (const Result<void> opened = store.unlock(current); !opened) {
    return opened.error();
  }
  return store.change_key(wanted);
}

}  // namespace hfauth::store
