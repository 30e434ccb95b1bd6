// SPDX-License-Identifier: Apache-2.0
#include "hfauth/token/profile_name.hpp"

#include <boost/test/unit_test.hpp>

using hfauth::token::ProfileName;

BOOST_AUTO_TEST_SUITE(profile_names)

BOOST_AUTO_TEST_CASE(accepts_plain_names) {
  for (const char* text : {"a", "work", "alice@example", "my.token_2-x", "0"}) {
    BOOST_TEST(ProfileName::parse(text).value().str() == text);
  }
}

BOOST_AUTO_TEST_CASE(rejects_names_that_could_escape_a_path_or_look_like_an_option) {
  for (const std::string& text :
       {std::string(), std::string(".."), std::string(".x"), std::string("a/b"), std::string("-x"),
        std::string("a b"), std::string("\xC3\xA9"), std::string("a\0b", 3),
        std::string(65, 'a')}) {
    BOOST_TEST(!ProfileName::parse(text), text);
  }
}

BOOST_AUTO_TEST_CASE(makes_a_legal_name_of_any_display_name) {
  BOOST_TEST(ProfileName::from_display_name("My laptop (home)").str() == "My-laptop-home");
  BOOST_TEST(ProfileName::from_display_name("../x").str() == "x");
  BOOST_TEST(ProfileName::from_display_name("한국어").str() == "default");
  BOOST_TEST(
      ProfileName::parse(ProfileName::from_display_name(std::string(500, 'z')).str()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
