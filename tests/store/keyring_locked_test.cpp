// SPDX-License-Identifier: Apache-2.0
//
// A keyring that is locked: every call says so, at once and without a prompt. The last case shows
// that the prompter trap would have caught one. Run by tests/support/with_keyring.sh, unlocked at
// first.
#include "hfauth/store/selection.hpp"
#include "store/keyring_place.hpp"

namespace hfauth::testing {

BOOST_AUTO_TEST_SUITE(locked_keyring)

BOOST_AUTO_TEST_CASE(answers_locked_to_every_call_and_never_not_found) {
  const auto store = keyring();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'a'))), "ok");
  control("--lock");
  BOOST_TEST(outcome(store->get(profile("work"))) == "locked");
  BOOST_TEST(outcome(store->get(profile("never-stored"))) == "locked");
  BOOST_TEST(outcome(store->list()) == "locked");
  BOOST_TEST(outcome(store->put(sample("work", 'b'))) == "locked");
  BOOST_TEST(outcome(store->put(sample("home", 'h'))) == "locked");
  BOOST_TEST(outcome(store->remove(profile("work"))) == "locked");
  BOOST_TEST(store->describe().locked);
}

BOOST_AUTO_TEST_CASE(cannot_be_unlocked_without_the_keyrings_own_dialog) {
  BOOST_TEST(outcome(keyring()->unlock(Secret::copy_of("anything"))) == "unsupported");
}

BOOST_AUTO_TEST_CASE(is_refused_by_the_probe_unless_locked_is_accepted) {
  BOOST_TEST(outcome(store::open_secret_service(Environment::of_process(), kPatient, kPatient,
                                                false)) == "locked");
  BOOST_TEST(outcome(store::open_secret_service(Environment::of_process(), kPatient, kPatient,
                                                true)) == "ok");
  const ScratchFolder folder;
  const UserPaths paths{.home = folder.path(),
                        .config = folder.path() / "config",
                        .data = folder.path() / "data",
                        .state = folder.path() / "state",
                        .runtime = folder.path() / "run"};
  const auto selected = store::select_store(Environment::of_process(), paths);
  BOOST_REQUIRE_EQUAL(outcome(selected), "ok");
  BOOST_TEST(selected->store->describe().name == "vault");
  BOOST_TEST(selected->refusals.at(0).reason.find("is locked") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_locked_too_when_the_keyring_was_started_cold) {
  control("--kill");
  const auto store = keyring();  // the bus activates a new one, which nobody unlocked
  BOOST_TEST(outcome(store->get(profile("work"))) == "locked");
  BOOST_TEST(outcome(store->get(profile("never-stored"))) == "locked");
  BOOST_TEST(outcome(store->list()) == "locked");
}

BOOST_AUTO_TEST_CASE(never_asked_for_a_prompter_although_the_trap_works) {
  BOOST_TEST(prompts_seen() == 0U);
  BOOST_TEST(output_of("secret-tool lookup hfauth 1 profile work 2>/dev/null").empty());
  BOOST_TEST(prompts_seen() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
