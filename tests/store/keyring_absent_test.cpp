// SPDX-License-Identifier: Apache-2.0
//
// No bus, no provider, no default collection: each is store_unavailable with its own reason. Suite
// no_provider runs with WITH_KEYRING_NONE=1, suite no_collection with WITH_KEYRING_EMPTY=1.
#include "store/keyring_place.hpp"

namespace hfauth::testing {
namespace {

std::string reason(const Environment& environment) {
  const auto opened = store::open_secret_service(environment, kPatient, kPatient, true);
  BOOST_REQUIRE_EQUAL(outcome(opened), "store_unavailable");
  return opened.error().detail;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(no_provider)

BOOST_AUTO_TEST_CASE(a_bus_without_a_keyring_is_named) {
  BOOST_TEST(reason(Environment::of_process()) ==
             "no keyring program provides org.freedesktop.secrets on the D-Bus session");
}

BOOST_AUTO_TEST_CASE(addresses_that_lead_nowhere_are_no_bus) {
  for (const char* address : {"unix:path=/nonexistent/bus", "disabled:", "nonsense",
                              "unix:", "tcp:host=127.0.0.1,port=1"}) {
    Environment environment;
    environment.set("DBUS_SESSION_BUS_ADDRESS", address);
    const std::string shown = reason(environment);
    BOOST_TEST(shown.starts_with("no D-Bus session: "), address << ": " << shown);
  }
}

BOOST_AUTO_TEST_CASE(a_keyring_that_starts_later_is_found) {
  BOOST_TEST(outcome(open_keyring()) == "store_unavailable");
  control("--start");
  BOOST_TEST(outcome(keyring()->put(sample("work", 'a'))) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(no_collection)

BOOST_AUTO_TEST_CASE(a_keyring_without_a_default_collection_is_named) {
  BOOST_TEST(
      reason(Environment::of_process()).starts_with("the keyring has no default collection"));
  BOOST_TEST(prompts_seen() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::testing
