// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

using hfauth::Secret;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> &&
              std::is_nothrow_move_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(holds_what_it_was_given_and_empties_when_moved) {
  Secret first = Secret::copy_of("abc");
  const Secret second = std::move(first);
  BOOST_TEST(second.expose() == "abc");
  BOOST_TEST(
      first.empty());  // NOLINT(bugprone-use-after-move): the state after a move is the subject
}

BOOST_AUTO_TEST_CASE(moving_onto_itself_keeps_the_value) {
  Secret value = Secret::copy_of("abc");
  Secret& same = value;
  value = std::move(same);
  BOOST_TEST(value.expose() == "abc");
}

BOOST_AUTO_TEST_CASE(truncating_wipes_what_is_cut_off) {
  Secret value = Secret::copy_of("abcdef");
  const char* bytes = value.expose().data();
  value.truncate(2);
  BOOST_TEST(value.expose() == "ab");
  BOOST_TEST(bytes[2] == '\0');
  BOOST_TEST(bytes[5] == '\0');
}

BOOST_AUTO_TEST_CASE(equals_compares_length_and_bytes) {
  const Secret value = Secret::copy_of("abc");
  BOOST_TEST(value.equals("abc"));
  BOOST_TEST(!value.equals("abd"));
  BOOST_TEST(!value.equals("abcd"));
  BOOST_TEST(Secret{}.equals(""));
}

BOOST_AUTO_TEST_CASE(wipe_overwrites_ordinary_memory) {
  std::string text = "abc";
  hfauth::wipe(text);
  BOOST_TEST(text == std::string(3, '\0'));
}

BOOST_AUTO_TEST_SUITE_END()
