// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/translate.hpp"

#include <boost/test/unit_test.hpp>

using hfauth::Environment;

namespace {

std::string_view chosen_for(const Environment::Map& variables, std::string_view wanted = "") {
  hfauth::choose_language(wanted, Environment(variables), "/nonexistent");
  return hfauth::language();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(translation)

BOOST_AUTO_TEST_CASE(the_language_comes_from_the_option_or_the_usual_variables) {
  BOOST_TEST(chosen_for({}) == "en");
  BOOST_TEST(chosen_for({{"LANG", "ko_KR.UTF-8"}}) == "ko");
  BOOST_TEST(chosen_for({{"LANG", "ja_JP.UTF-8"}}) == "ja");
  BOOST_TEST(chosen_for({{"LANG", "zh_CN.UTF-8"}}) == "zh");
  BOOST_TEST(chosen_for({{"LANG", "ko_KR.UTF-8"}, {"LC_ALL", "en_US.UTF-8"}}) == "en");
  BOOST_TEST(chosen_for({{"LANG", "de_DE.UTF-8"}, {"LANGUAGE", "fr:ko:en"}}) == "ko");
  BOOST_TEST(chosen_for({{"LANG", "C.UTF-8"}, {"LANGUAGE", "ja:ko"}}) == "ja");
  BOOST_TEST(chosen_for({{"LANG", "C"}, {"LANGUAGE", "ko"}}) == "en");
  BOOST_TEST(chosen_for({{"LANG", "en_US.UTF-8"}}, "ko") == "ko");
  BOOST_TEST(chosen_for({}, "ko_KR") == "ko");
  BOOST_TEST(chosen_for({{"LANG", "ko_KR.UTF-8"}}, "en") == "en");
}

BOOST_AUTO_TEST_CASE(a_text_without_translation_stays_english) {
  hfauth::choose_language("ko", Environment(), "/nonexistent");
  BOOST_TEST(std::string_view(hfauth::tr("no such text")) == "no such text");
  BOOST_TEST(std::string_view(hfauth::tr("")) == "");
}

BOOST_AUTO_TEST_SUITE_END()
