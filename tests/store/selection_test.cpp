// SPDX-License-Identifier: Apache-2.0
//
// Which store is chosen without a usable keyring; the cases with one are in keyring_test.cpp.
#include "hfauth/store/selection.hpp"

#include "hfauth/store/vault.hpp"
#include "store/samples.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth::testing {
namespace {

struct Home {
  ScratchFolder folder;
  UserPaths paths{.home = folder.path(),
                  .config = folder.path() / "config",
                  .data = folder.path() / "data",
                  .state = folder.path() / "state",
                  .runtime = folder.path() / "run"};
};

Environment environment(const char* wanted = nullptr) {
  Environment result;
  result.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
  if (wanted != nullptr) {
    result.set("HFAUTH_STORE", wanted);
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(selection)

BOOST_AUTO_TEST_CASE(falls_back_to_the_vault_and_keeps_the_reason) {
  const Home home;
  const auto selected = store::select_store(environment(), home.paths);
  BOOST_REQUIRE_EQUAL(outcome(selected), "ok");
  BOOST_TEST(selected->store->describe().name == "vault");
  BOOST_TEST(!selected->pinned);
  BOOST_REQUIRE_EQUAL(selected->refusals.size(), 1U);
  BOOST_TEST(selected->refusals[0].store == "secret-service");
  BOOST_TEST(selected->refusals[0].reason.starts_with("no D-Bus session: "),
             selected->refusals[0].reason);
}

BOOST_AUTO_TEST_CASE(says_which_variables_are_not_set_when_there_is_no_bus) {
  const Home home;
  const auto selected = store::select_store(Environment(), home.paths);
  BOOST_REQUIRE_EQUAL(outcome(selected), "ok");
  BOOST_TEST(selected->refusals.at(0).reason ==
             "no D-Bus session (neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set)");
}

BOOST_AUTO_TEST_CASE(the_pin_is_remembered_and_readable_by_the_owner_alone) {
  const Home home;
  BOOST_REQUIRE_EQUAL(outcome(store::pin_store(home.paths, "vault")), "ok");
  const auto selected = store::select_store(environment(), home.paths);
  BOOST_REQUIRE_EQUAL(outcome(selected), "ok");
  BOOST_TEST(selected->pinned);
  BOOST_TEST(selected->refusals.empty());
  BOOST_TEST(slurp(home.paths.state / "store") == "vault\n");
}

BOOST_AUTO_TEST_CASE(a_pinned_keyring_that_does_not_answer_is_an_error_and_not_the_vault) {
  const Home home;
  BOOST_REQUIRE_EQUAL(outcome(store::pin_store(home.paths, "secret-service")), "ok");
  const auto selected = store::select_store(environment(), home.paths);
  BOOST_REQUIRE_EQUAL(outcome(selected), "store_unavailable");
  BOOST_TEST(selected.error().detail.find((home.paths.state / "store").string()) !=
             std::string::npos);
  BOOST_TEST(!std::filesystem::exists(home.paths.data));
}

BOOST_AUTO_TEST_CASE(the_variable_wins_over_the_pin) {
  const Home home;
  BOOST_REQUIRE_EQUAL(outcome(store::pin_store(home.paths, "secret-service")), "ok");
  for (const char* name : {"vault", "memory"}) {
    const auto selected = store::select_store(environment(name), home.paths);
    BOOST_REQUIRE_EQUAL(outcome(selected), "ok");
    BOOST_TEST(selected->store->describe().name == name);
    BOOST_TEST(!selected->pinned);
  }
  BOOST_TEST(outcome(store::select_store(environment("secret-service"), home.paths)) ==
             "store_unavailable");
}

BOOST_AUTO_TEST_CASE(an_empty_variable_counts_as_not_set_and_an_unknown_name_as_misuse) {
  const Home home;
  BOOST_TEST(outcome(store::select_store(environment(""), home.paths)) == "ok");
  BOOST_TEST(outcome(store::select_store(environment("plaintext"), home.paths)) == "usage");
  BOOST_TEST(outcome(store::pin_store(home.paths, "plaintext")) == "usage");
}

BOOST_AUTO_TEST_CASE(the_memory_store_is_never_pinned) {
  const Home home;
  BOOST_TEST(outcome(store::pin_store(home.paths, "memory")) == "ok");
  BOOST_TEST(!std::filesystem::exists(home.paths.state / "store"));
}

BOOST_AUTO_TEST_CASE(a_pin_that_names_no_store_is_corrupt) {
  const Home home;
  BOOST_REQUIRE_EQUAL(outcome(store::pin_store(home.paths, "vault")), "ok");
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("vaul"), std::string(100, 'v')}) {
    spill(home.paths.state / "store", content);
    BOOST_TEST(outcome(store::select_store(environment(), home.paths)) == "corrupt",
               "content: " << content);
  }
}

BOOST_AUTO_TEST_CASE(an_existing_vault_is_chosen_without_a_pin) {
  const Home home;
  store::open_vault(store::VaultFiles::in(home.paths)).value()->put(sample("work", 'w')).value();
  const auto selected = store::select_store(environment(), home.paths);
  BOOST_REQUIRE_EQUAL(outcome(selected), "ok");
  BOOST_TEST(outcome(selected->store->get(profile("work"))) == "ok");
  BOOST_TEST(selected->refusals.at(0).reason.starts_with("a vault exists already"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
