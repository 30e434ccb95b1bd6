// SPDX-License-Identifier: Apache-2.0
//
// Hexadecimal digits: which characters are some, and what a few of them stand for.
#include "hfauth/core/hex.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth {
namespace {

BOOST_AUTO_TEST_SUITE(hexadecimal)

BOOST_AUTO_TEST_CASE(of_all_characters_twenty_two_are_digits) {
  int n_digits = 0;
  for (int c = 0; c < 256; ++c)
    n_digits += hex::digit(static_cast<char>(c)) ? 1 : 0;
  BOOST_TEST(n_digits == 22);
  BOOST_TEST(hex::digit('0').value() == 0U);
  BOOST_TEST(hex::digit('a').value() == 10U);
  BOOST_TEST(hex::digit('F').value() == 15U);
}

BOOST_AUTO_TEST_CASE(a_value_is_made_of_one_to_eight_digits_and_nothing_else) {
  BOOST_TEST(hex::value("d83D").value() == 0xD83DU);
  BOOST_TEST(hex::value("ffffffff").value() == 0xFFFFFFFFU);
  for (const char* none : {"", "100000000", "0x1", "+1", " 1", "1g", "-1"})
    BOOST_TEST(!hex::value(none).has_value());
}

BOOST_AUTO_TEST_CASE(a_hash_has_so_many_digits_of_lower_case) {
  BOOST_TEST(hex::is_lower("09af", 4));
  BOOST_TEST(hex::is_lower("", 0));
  BOOST_TEST(!hex::is_lower("09aF", 4));
  BOOST_TEST(!hex::is_lower("09a", 4));
  BOOST_TEST(!hex::is_lower(std::string_view("09a\0", 4), 4));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth
