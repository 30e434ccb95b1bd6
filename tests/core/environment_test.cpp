// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/environment.hpp"

#include "support/make_environment.hpp"

#include <boost/test/unit_test.hpp>

using hfauth::Environment;
using hfauth::testing::make_environment;

BOOST_AUTO_TEST_SUITE(environments)

BOOST_AUTO_TEST_CASE(not_set_and_set_to_nothing_are_two_things) {
  const Environment environment = make_environment({{"EMPTY", ""}, {"FULL", "x"}});
  BOOST_TEST(!environment.get("NONE").has_value());
  BOOST_TEST(environment.get("EMPTY").value() == "");
  BOOST_TEST(!environment.non_empty("EMPTY").has_value());
  BOOST_TEST(environment.non_empty("FULL").value() == "x");
}

BOOST_AUTO_TEST_CASE(true_is_what_huggingface_hub_holds_true) {
  for (const char* value : {"1", "on", "Yes", "TRUE"})
    BOOST_TEST(make_environment({{"X", value}}).is_true("X"), value);
  for (const char* value : {"", "0", "y", "1 ", "enabled", "false"}) {
    BOOST_TEST(!make_environment({{"X", value}}).is_true("X"), value);
  }
  BOOST_TEST(!Environment().is_true("X"));
}

BOOST_AUTO_TEST_CASE(takes_the_environment_of_the_process) {
  BOOST_REQUIRE(setenv("HFAUTH_TEST_VARIABLE", "a=b", 1) == 0);
  BOOST_TEST(Environment::of_process().get("HFAUTH_TEST_VARIABLE").value() == "a=b");
}

BOOST_AUTO_TEST_SUITE_END()
