// SPDX-License-Identifier: Apache-2.0
//
// A keyring that freezes or dies under an open store. Run by tests/support/with_keyring.sh.
#include "store/keyring_place.hpp"

#include <csignal>
#include <memory>

namespace hfauth::testing {
namespace {

/// Stops the provider for as long as the object lives.
class Frozen {
 public:
  Frozen() : pid_(std::stoi(output_of("\"$WITH_KEYRING\" --pid"))) { ::kill(pid_, SIGSTOP); }

  ~Frozen() { ::kill(pid_, SIGCONT); }

  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  pid_t pid_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(keyring_faults)

BOOST_AUTO_TEST_CASE(a_frozen_keyring_is_a_time_out_and_the_store_recovers_when_it_thaws) {
  const auto patient = keyring();
  patient->put(sample("work", 'a')).value();
  const auto store = keyring(kShort);
  {
    const Frozen frozen;
    BOOST_TEST(outcome(store->get(profile("work"))) == "store_timeout");
    BOOST_TEST(outcome(store->list()) == "store_timeout");
    BOOST_TEST(outcome(store->put(sample("work", 'b'))) == "store_timeout");
    BOOST_TEST(outcome(store->remove(profile("work"))) == "store_timeout");
    BOOST_TEST(store->describe().trouble.find("did not answer in time") != std::string::npos);
    BOOST_TEST(outcome(open_keyring(kShort)) == "store_timeout");
  }
  const auto read = patient->get(profile("work"));
  BOOST_REQUIRE_EQUAL(outcome(read), "ok");
  BOOST_TEST(read->token.equals(fake_token('a')));
}

BOOST_AUTO_TEST_CASE(a_store_ends_cleanly_while_the_keyring_is_frozen) {
  std::unique_ptr<Frozen> frozen;
  {
    const auto store = keyring(kShort);
    frozen = std::make_unique<Frozen>();
    BOOST_TEST(outcome(store->get(profile("work"))) == "store_timeout");
  }
  frozen.reset();
  BOOST_TEST(outcome(keyring()->list()) == "ok");
}

BOOST_AUTO_TEST_CASE(a_keyring_that_was_killed_and_started_again_is_used_again) {
  const auto store = keyring();
  for (char round = 'a'; round < 'e'; ++round) {
    BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", round))), "ok");
    control("--kill");
    control("--start");
    const auto read = store->get(profile("work"));
    BOOST_REQUIRE_EQUAL(outcome(read), "ok");
    BOOST_TEST(same(*read, sample("work", round)));
  }
}

BOOST_AUTO_TEST_CASE(a_keyring_that_was_killed_and_only_activated_is_locked) {
  const auto store = keyring();
  BOOST_REQUIRE_EQUAL(outcome(store->put(sample("work", 'a'))), "ok");
  control("--kill");
  BOOST_TEST(outcome(store->get(profile("work"))) == "locked");
  BOOST_TEST(outcome(store->put(sample("work", 'b'))) == "locked");
  control("--kill");
  control("--start");
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'a')));
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_and_is_gone_with_the_keyring_is_stored_again) {
  const std::string file = "\"$XDG_DATA_HOME/keyrings/login.keyring\"";
  const auto store = keyring();
  store->put(sample("work", 'o', 1)).value();
  output_of("cp " + file + " " + file + ".older");
  store->put(sample("work", 'n', 2)).value();
  control("--kill");
  output_of("mv " + file + ".older " + file);
  control("--start");
  BOOST_TEST(same(store->get(profile("work")).value(), sample("work", 'n', 2)));
  BOOST_TEST(outcome(store->remove(profile("work"))) == "ok");
}

BOOST_AUTO_TEST_CASE(never_asked_for_a_prompter) {
  BOOST_TEST(prompts_seen() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
