// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/secret_json.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using hfauth::Errc;

BOOST_AUTO_TEST_SUITE(secret_json)

BOOST_AUTO_TEST_CASE(what_was_added_is_found_again_and_blotted_out) {
  hfauth::Secret document =
      hfauth::add_secret_members(R"({"a":{"token":"decoy"},"n":[1,{"token":"no"}]})",
                                 {{"refresh", "r"}, {"token", "a\"b\\c\n"}});
  BOOST_TEST(hfauth::take_secret_string(document.writable(), {"token"}).value().expose() ==
             "a\"b\\c\n");
  BOOST_TEST(document.expose().find("c\\u000a") == std::string_view::npos);
  BOOST_TEST(document.expose().find("decoy") != std::string_view::npos);
  BOOST_TEST(document.expose().ends_with("\"}"));
}

BOOST_AUTO_TEST_CASE(an_empty_object_gets_no_comma) {
  BOOST_TEST(hfauth::add_secret_members("{}", {{"t", "x"}}).expose() == R"({"t":"x"})");
  BOOST_TEST(hfauth::add_secret_members(R"({"a":1})", {{"t", "x"}}).expose() ==
             R"({"a":1,"t":"x"})");
}

BOOST_AUTO_TEST_CASE(finds_by_the_whole_path) {
  std::string text = R"({"token":"outer","parameters":{"x":[{"token":"inner"}],"token":"right"}})";
  BOOST_TEST(hfauth::take_secret_string(text, {"parameters", "token"}).value().expose() == "right");
  BOOST_TEST(text == R"({"token":"outer","parameters":{"x":[{"token":"inner"}],"token":"*****"}})");
}

BOOST_AUTO_TEST_CASE(says_what_is_missing_and_what_is_broken) {
  for (std::string text : {R"({"a":1})", R"({"token":5})", R"([{"token":"x"}])"}) {
    BOOST_TEST((hfauth::take_secret_string(text, {"token"}).error().code == Errc::not_found), text);
  }
  for (std::string text :
       {"", "{", R"({"token")", R"({"token":"x)", R"({"a" 1})", R"({"token":"\u12"})",
        R"({"token":"\u20ac"})", R"({"a":,"token":"x"})"}) {
    BOOST_TEST((hfauth::take_secret_string(text, {"token"}).error().code == Errc::corrupt), text);
  }
  std::string deep(1000, '[');
  BOOST_TEST((hfauth::take_secret_string(deep, {"token"}).error().code == Errc::corrupt));
}

BOOST_AUTO_TEST_SUITE_END()
