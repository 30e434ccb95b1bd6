// SPDX-License-Identifier: Apache-2.0
//
// Moving between the vault and a real gnome-keyring, both ways, and every place at which a process
// may have ended on the way.
#include "hfauth/store/migration.hpp"

#include "hfauth/store/selection.hpp"
#include "hfauth/store/vault.hpp"
#include "store/keyring_place.hpp"

namespace hfauth::testing {
namespace {

namespace fs = std::filesystem;

struct Home {
  ScratchFolder folder;
  UserPaths paths{.home = folder.path(),
                  .config = folder.path() / "config",
                  .data = folder.path() / "data",
                  .state = folder.path() / "state",
                  .runtime = folder.path() / "run"};
  Environment environment = Environment::of_process();

  Home() {
    environment.unset("HFAUTH_STORE");
    const auto store = keyring();
    for (const token::TokenRecord& record : store->list().value())
      store->remove(record.facts.profile).value();
  }

  [[nodiscard]] std::unique_ptr<store::SecretStore> vault() const {
    return std::move(store::open_vault(store::VaultFiles::in(paths))).value();
  }

  /// "name: profiles" of the store that would be chosen now.
  [[nodiscard]] std::string chosen() const {
    auto selection = store::select_store(environment, paths);
    BOOST_REQUIRE_EQUAL(outcome(selection), "ok");
    std::string text = selection->store->describe().name + ":";
    for (const token::TokenRecord& record : selection->store->list().value())
      text += " " + record.facts.profile.str();
    return text;
  }

  [[nodiscard]] std::size_t in_keyring() const { return keyring()->list()->size(); }

  [[nodiscard]] bool vault_is_gone() const {
    const store::VaultFiles files = store::VaultFiles::in(paths);
    return !fs::exists(files.vault) && !fs::exists(fs::path(files.vault) += ".previous") &&
           !fs::exists(files.key_file);
  }

  /// Two tokens in the vault, which is the chosen store.
  void fill_vault() const {
    vault()->put(sample("work", 'a', 5)).value();
    vault()->put(sample("play", 'b')).value();
    store::pin_store(paths, "vault").value();
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(migration)

BOOST_AUTO_TEST_CASE(all_tokens_go_to_the_keyring_and_back_and_nothing_stays_behind) {
  const Home home;
  home.fill_vault();
  const auto moved =
      store::migrate_store(*home.vault(), "secret-service", home.environment, home.paths);
  BOOST_REQUIRE_EQUAL(outcome(moved), "ok");
  BOOST_TEST(moved->moved == 2);
  BOOST_TEST(moved->left == 0);
  BOOST_TEST(home.chosen() == "secret-service: play work");
  BOOST_TEST(home.vault_is_gone());
  BOOST_TEST(!fs::exists(home.paths.state / "migration"));
  BOOST_TEST(same(keyring()->get(profile("work")).value(), sample("work", 'a', 5)));

  const auto back = store::migrate_store(*keyring(), "vault", home.environment, home.paths);
  BOOST_REQUIRE_EQUAL(outcome(back), "ok");
  BOOST_TEST(home.chosen() == "vault: play work");
  BOOST_TEST(home.in_keyring() == 0U);
  BOOST_TEST(same(home.vault()->get(profile("play")).value(), sample("play", 'b')));
}

BOOST_AUTO_TEST_CASE(wherever_it_was_cut_short_one_store_has_all_of_them) {
  // 1: some copies were made.
  const Home home;
  home.fill_vault();
  keyring()->put(sample("work", 'a', 5)).value();
  BOOST_TEST(outcome(store::finish_migration(home.environment, home.paths)) == "ok");
  BOOST_TEST(home.chosen() == "vault: play work");
  // 2: all of them, and the old store was noted, but the new one not pinned.
  keyring()->put(sample("play", 'b')).value();
  spill(home.paths.state / "migration", "vault\n");
  BOOST_TEST(outcome(store::finish_migration(home.environment, home.paths)) == "ok");
  BOOST_TEST(!fs::exists(home.paths.state / "migration"));
  BOOST_TEST(home.chosen() == "vault: play work");
  // 3: pinned, and the old store is still full.
  spill(home.paths.state / "migration", "vault\n");
  store::pin_store(home.paths, "secret-service").value();
  BOOST_TEST(home.chosen() == "secret-service: play work");
  BOOST_TEST(outcome(store::finish_migration(home.environment, home.paths)) == "ok");
  BOOST_TEST(home.vault_is_gone());
  BOOST_TEST(home.chosen() == "secret-service: play work");
  // 4: the same the other way, half emptied.
  home.vault()->put(sample("work", 'a', 5)).value();
  home.vault()->put(sample("play", 'b')).value();
  spill(home.paths.state / "migration", "secret-service\n");
  store::pin_store(home.paths, "vault").value();
  keyring()->remove(profile("work")).value();
  BOOST_TEST(outcome(store::finish_migration(home.environment, home.paths)) == "ok");
  BOOST_TEST(home.in_keyring() == 0U);
  BOOST_TEST(home.chosen() == "vault: play work");
  BOOST_TEST(outcome(store::finish_migration(home.environment, home.paths)) == "ok");
}

BOOST_AUTO_TEST_CASE(a_damaged_choice_removes_nothing_from_either_store) {
  const Home home;
  home.fill_vault();
  keyring()->put(sample("work", 'a', 5)).value();
  for (const auto& [pin, note, told] :
       {std::tuple("", "vault\n", "corrupt"), std::tuple("secret-serv", "vault\n", "corrupt"),
        std::tuple("paper\n", "secret-service\n", "corrupt"),
        std::tuple("secret-service\n", "vau", "corrupt")}) {
    BOOST_TEST_CONTEXT("pin \"" << pin << "\", note \"" << note << '"') {
      spill(home.paths.state / "store", pin);
      spill(home.paths.state / "migration", note);
      BOOST_TEST(outcome(store::finish_migration(home.environment, home.paths)) == told);
      BOOST_TEST(home.vault()->list()->size() == 2U);
      BOOST_TEST(home.in_keyring() == 1U);
      BOOST_TEST(fs::exists(home.paths.state / "migration"));
    }
  }
  // Mended: it goes on where it stopped.
  spill(home.paths.state / "migration", "vault\n");
  keyring()->put(sample("play", 'b')).value();
  store::pin_store(home.paths, "secret-service").value();
  BOOST_TEST(outcome(store::finish_migration(home.environment, home.paths)) == "ok");
  BOOST_TEST(home.vault_is_gone());
  BOOST_TEST(home.chosen() == "secret-service: play work");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_changes_nothing) {
  Home home;
  home.fill_vault();
  const auto vault = home.vault();
  const auto told = [&](std::string_view to) {
    return outcome(store::migrate_store(*vault, to, home.environment, home.paths));
  };
  BOOST_TEST(told("vault") == "conflict");
  BOOST_TEST(told("paper") == "usage");
  home.environment.set("HFAUTH_STORE", "vault");
  BOOST_TEST(told("secret-service") == "usage");
  home.environment.unset("HFAUTH_STORE");
  home.environment.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
  BOOST_TEST(told("secret-service") == "store_unavailable");
  BOOST_TEST(home.chosen() == "vault: play work");
  BOOST_TEST(home.in_keyring() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
