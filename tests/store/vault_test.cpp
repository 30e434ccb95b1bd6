// SPDX-License-Identifier: Apache-2.0
//
// The vault's files: what a damaged, missing or foreign one leads to, the passphrase, and what is
// left on the disk.
#include "hfauth/store/vault.hpp"

#include "hfauth/core/crypto.hpp"
#include "store/samples.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

namespace hfauth::testing {
namespace {

namespace fs = std::filesystem;

struct Place {
  ScratchFolder folder;
  store::VaultFiles files{.vault = folder.path() / "data" / "vault",
                          .key_file = folder.path() / "state" / "vault.key"};

  [[nodiscard]] fs::path beside(const char* suffix) const { return files.vault.string() + suffix; }

  [[nodiscard]] std::unique_ptr<store::SecretStore> open() const {
    return std::move(store::open_vault(files)).value();
  }

  /// Generation 1 holds "work" with 'a', generation 2 with 'b'.
  void store_twice() const {
    const auto store = open();
    store->put(sample("work", 'a', 1)).value();
    store->put(sample("work", 'b', 2)).value();
  }
};

Secret words(const char* text) {
  return Secret::copy_of(text);
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};

  BOOST_REQUIRE_EQUAL(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

void damage(const fs::path& path, std::size_t offset) {
  std::string bytes = slurp(path);
  bytes.at(offset) = static_cast<char>(bytes.at(offset) ^ 0x10);
  spill(path, bytes);
}

void make_later_version(const fs::path& path) {
  std::string bytes = slurp(path);
  bytes[8] = 2;
  bytes.replace(120, 32, crypto::hash(bytes.substr(0, 120)));
  spill(path, bytes);
}

/// A lone vault.previous that cannot be used: every call says why, and two stores leave it alone.
void check_last_copy_is_kept(const Place& place, const std::string& expected) {
  const auto store = place.open();  // opened while all was well
  fs::remove(place.files.vault);
  const std::string before = slurp(place.beside(".previous"));
  const auto opened = store::open_vault(place.files);
  BOOST_TEST(outcome(opened) == expected);
  BOOST_TEST((!opened && opened.error().detail.find("vault.previous") != std::string::npos));
  BOOST_TEST(outcome(store->get(profile("work"))) == expected);
  BOOST_TEST(outcome(store->list()) == expected);
  BOOST_TEST(outcome(store->put(sample("home", 'h'))) == expected);
  BOOST_TEST(outcome(store->put(sample("other", 'o'))) == expected);
  BOOST_TEST(!fs::exists(place.files.vault));
  BOOST_TEST((slurp(place.beside(".previous")) == before));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vault)

BOOST_AUTO_TEST_CASE(creates_nothing_before_the_first_put) {
  const Place place;
  const auto store = place.open();
  BOOST_TEST(outcome(store->list()) == "ok");
  BOOST_TEST(outcome(store->remove(profile("work"))) == "not_found");
  BOOST_TEST(!fs::exists(place.files.vault));
  BOOST_TEST(!fs::exists(place.files.key_file));
}

BOOST_AUTO_TEST_CASE(makes_files_and_folders_for_the_owner_alone) {
  const Place place;
  const mode_t before = ::umask(0);
  place.store_twice();
  ::umask(before);
  BOOST_TEST(mode_of(place.files.vault) == 0600U);
  BOOST_TEST(mode_of(place.beside(".previous")) == 0600U);
  BOOST_TEST(mode_of(place.files.key_file) == 0600U);
  BOOST_TEST(mode_of(place.files.vault.parent_path()) == 0700U);
  BOOST_TEST(mode_of(place.files.key_file.parent_path()) == 0700U);
}

BOOST_AUTO_TEST_CASE(leaves_no_plain_token_in_any_file) {
  const Place place;
  place.store_twice();
  for (const auto& entry : fs::recursive_directory_iterator(place.folder.path())) {
    if (entry.is_regular_file()) {
      BOOST_TEST(slurp(entry.path()).find("hf_test") == std::string::npos,
                 entry.path() << " holds a plain token");
    }
  }
}

BOOST_AUTO_TEST_CASE(uses_the_previous_generation_when_the_body_is_damaged_and_says_so) {
  const Place place;
  place.store_twice();
  damage(place.files.vault, 160);
  const auto store = place.open();
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'a', 1)));
  const std::string shown = store->describe().trouble;
  BOOST_TEST(
      shown.find("is damaged; generation 1 from vault.previous is in use") != std::string::npos,
      shown);
}

BOOST_AUTO_TEST_CASE(
    uses_the_previous_generation_when_the_header_is_damaged_or_the_file_is_missing) {
  const Place place;
  place.store_twice();
  damage(place.files.vault, 20);
  BOOST_TEST(same(place.open()->get(profile("work")).value(), sample("work", 'a', 1)));
  fs::remove(place.files.vault);
  const auto store = place.open();
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'a', 1)));
  BOOST_TEST(store->describe().trouble.find("is missing; generation 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_put_after_a_restore_keeps_the_damaged_file_aside_and_the_good_generation) {
  const Place place;
  place.store_twice();
  damage(place.files.vault, 160);
  const std::string damaged = slurp(place.files.vault);
  const std::string good = slurp(place.beside(".previous"));
  const auto store = place.open();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("home", 'h'))), "ok");
  BOOST_TEST((slurp(place.beside(".damaged")) == damaged));
  BOOST_TEST((slurp(place.beside(".previous")) == good));
  BOOST_TEST(store->list()->size() == 2U);
  BOOST_TEST(store->describe().place == place.files.vault.string());
}

BOOST_AUTO_TEST_CASE(is_corrupt_and_unchanged_when_both_generations_are_damaged) {
  const Place place;
  place.store_twice();
  damage(place.files.vault, 160);
  damage(place.beside(".previous"), 160);
  const std::string before = slurp(place.files.vault);
  BOOST_TEST(outcome(store::open_vault(place.files)) == "corrupt");
  BOOST_TEST((slurp(place.files.vault) == before));
}

BOOST_AUTO_TEST_CASE(an_open_store_never_overwrites_a_vault_that_became_unreadable) {
  const Place place;
  place.store_twice();
  const auto store = place.open();
  spill(place.files.vault, "not a vault");
  spill(place.beside(".previous"), "not a vault either");
  BOOST_TEST(outcome(store->put(sample("home", 'h'))) == "corrupt");
  BOOST_TEST(outcome(store->get(profile("work"))) == "corrupt");
  BOOST_TEST((slurp(place.files.vault) == "not a vault"));
}

BOOST_AUTO_TEST_CASE(a_later_version_is_neither_damage_nor_overwritten) {
  const Place place;
  place.store_twice();
  const auto store = place.open();
  make_later_version(place.files.vault);
  const std::string bytes = slurp(place.files.vault);
  BOOST_TEST(outcome(store::open_vault(place.files)) == "unsupported");
  BOOST_TEST(outcome(store->put(sample("home", 'h'))) == "unsupported");
  BOOST_TEST((slurp(place.files.vault) == bytes));
}

BOOST_AUTO_TEST_CASE(a_damaged_last_copy_does_not_read_as_no_tokens) {
  const Place place;
  place.store_twice();
  damage(place.beside(".previous"), 20);
  check_last_copy_is_kept(place, "corrupt");
}

BOOST_AUTO_TEST_CASE(a_last_copy_that_others_can_write_does_not_read_as_no_tokens) {
  const Place place;
  place.store_twice();
  ::chmod(place.beside(".previous").c_str(), 0664);
  check_last_copy_is_kept(place, "denied");
}

BOOST_AUTO_TEST_CASE(a_last_copy_of_a_later_version_does_not_read_as_no_tokens) {
  const Place place;
  place.store_twice();
  make_later_version(place.beside(".previous"));
  check_last_copy_is_kept(place, "unsupported");
}

BOOST_AUTO_TEST_CASE(a_missing_key_file_is_named_and_not_replaced) {
  const Place place;
  place.store_twice();
  fs::remove(place.files.key_file);
  const auto opened = store::open_vault(place.files);
  BOOST_REQUIRE_EQUAL(outcome(opened), "store_unavailable");
  BOOST_TEST(opened.error().detail.find(place.files.key_file.string()) != std::string::npos);
  BOOST_TEST(!fs::exists(place.files.key_file));
}

BOOST_AUTO_TEST_CASE(tells_a_foreign_key_file_from_a_damaged_one) {
  const Place place;
  place.store_twice();
  spill(place.files.key_file, std::string(32, 'k'));
  BOOST_TEST(outcome(store::open_vault(place.files)) == "denied");
  for (const std::size_t size : {0U, 31U, 33U, 5000U}) {
    spill(place.files.key_file, std::string(size, 'k'));
    BOOST_TEST(outcome(store::open_vault(place.files)) == "corrupt", size << " bytes");
  }
}

BOOST_AUTO_TEST_CASE(refuses_files_that_others_can_change_or_read) {
  const Place place;
  place.store_twice();
  ::chmod(place.files.vault.c_str(), 0620);
  BOOST_TEST(outcome(store::open_vault(place.files)) == "denied");
  ::chmod(place.files.vault.c_str(), 0644);  // sealed, so reading is no harm
  BOOST_TEST(outcome(store::open_vault(place.files)) == "ok");
  ::chmod(place.files.key_file.c_str(), 0640);
  BOOST_TEST(outcome(store::open_vault(place.files)) == "denied");
}

BOOST_AUTO_TEST_CASE(refuses_links_folders_and_foreign_files) {
  const Place place;
  place.store_twice();
  const fs::path aside = place.folder.path() / "aside";
  fs::rename(place.files.vault, aside);
  fs::create_symlink(aside, place.files.vault);
  BOOST_TEST(outcome(store::open_vault(place.files)) == "denied");
  fs::remove(place.files.vault);
  fs::create_directory(place.files.vault);
  BOOST_TEST(outcome(store::open_vault(place.files)) == "denied");
  fs::remove(place.files.vault);
  fs::rename(aside, place.files.vault);
  if (::geteuid() == 0) {
    BOOST_REQUIRE_EQUAL(::chown(place.files.vault.c_str(), 65534, 65534), 0);
    BOOST_TEST(outcome(store::open_vault(place.files)) == "denied");
  }
}

BOOST_AUTO_TEST_CASE(a_file_over_the_limit_is_corrupt_and_not_read) {
  const Place place;
  place.store_twice();
  fs::remove(place.beside(".previous"));
  fs::resize_file(place.files.vault, std::uintmax_t{1} << 40);  // sparse
  BOOST_TEST(outcome(store::open_vault(place.files)) == "corrupt");
}

BOOST_AUTO_TEST_CASE(a_passphrase_locks_every_call_until_the_right_one_is_given) {
  const Place place;
  place.store_twice();
  BOOST_REQUIRE_EQUAL(outcome(store::set_vault_passphrase(place.files, {}, words("right"))), "ok");
  const auto store = place.open();
  BOOST_TEST(store->describe().locked);
  BOOST_TEST(outcome(store->get(profile("work"))) == "locked");
  BOOST_TEST(outcome(store->get(profile("nothing"))) == "locked");
  BOOST_TEST(outcome(store->list()) == "locked");
  BOOST_TEST(outcome(store->put(sample("work", 'c'))) == "locked");
  BOOST_TEST(outcome(store->remove(profile("work"))) == "locked");
  BOOST_TEST(outcome(store->unlock(words("wrong"))) == "denied");
  BOOST_TEST(outcome(store->unlock(words(""))) == "denied");
  BOOST_TEST(outcome(store->get(profile("work"))) == "locked");
  BOOST_REQUIRE_EQUAL(outcome(store->unlock(words("right"))), "ok");
  BOOST_TEST(!store->describe().locked);
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'b', 2)));
}

BOOST_AUTO_TEST_CASE(after_a_passphrase_is_set_no_file_opens_with_the_old_key) {
  const Place place;
  place.store_twice();
  const std::string old_key = slurp(place.files.key_file);
  BOOST_REQUIRE_EQUAL(outcome(store::set_vault_passphrase(place.files, {}, words("right"))), "ok");
  BOOST_TEST(!fs::exists(place.files.key_file));
  BOOST_TEST((slurp(place.beside(".previous")) == slurp(place.files.vault)));
  spill(place.files.key_file, old_key);
  fs::remove(place.files.vault);  // leaves vault.previous alone
  BOOST_TEST(outcome(place.open()->list()) == "locked");
}

BOOST_AUTO_TEST_CASE(changes_a_passphrase_only_for_who_knows_the_current_one) {
  const Place place;
  place.store_twice();
  BOOST_REQUIRE_EQUAL(outcome(store::set_vault_passphrase(place.files, {}, words("first"))), "ok");
  const auto open_elsewhere = place.open();
  BOOST_REQUIRE_EQUAL(outcome(open_elsewhere->unlock(words("first"))), "ok");
  BOOST_TEST(outcome(store::set_vault_passphrase(place.files, words("guess"), words("second"))) ==
             "denied");
  BOOST_REQUIRE_EQUAL(
      outcome(store::set_vault_passphrase(place.files, words("first"), words("second"))), "ok");
  BOOST_TEST(outcome(open_elsewhere->get(profile("work"))) == "locked");
  BOOST_TEST(outcome(open_elsewhere->unlock(words("first"))) == "denied");
  BOOST_TEST(outcome(open_elsewhere->unlock(words("second"))) == "ok");
  BOOST_REQUIRE_EQUAL(outcome(store::set_vault_passphrase(place.files, words("second"), {})), "ok");
  BOOST_TEST(same(place.open()->get(profile("work")).value(), sample("work", 'b', 2)));
}

BOOST_AUTO_TEST_CASE(a_damaged_vault_with_a_passphrase_is_restored_too) {
  const Place place;
  store::set_vault_passphrase(place.files, {}, words("right")).value();
  const auto writer = place.open();
  writer->unlock(words("right")).value();
  writer->put(sample("work", 'a', 1)).value();
  writer->put(sample("work", 'b', 2)).value();
  damage(place.files.vault, 160);
  const auto store = place.open();
  BOOST_REQUIRE_EQUAL(outcome(store->unlock(words("right"))), "ok");
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'a', 1)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
