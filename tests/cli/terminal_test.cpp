// SPDX-License-Identifier: Apache-2.0
//
// Which of the customary variables wins. Standard output of a test is not a terminal.
#include "terminal.hpp"

#include <boost/test/unit_test.hpp>

namespace hfauth::cli {
namespace {

bool coloured(ColourWish wish, Environment::Map variables) {
  return probe_terminal(Environment(std::move(variables)), wish, false).colour;
}

bool ascii(Environment::Map variables) {
  return probe_terminal(Environment(std::move(variables)), ColourWish::automatic, false).ascii;
}

BOOST_AUTO_TEST_SUITE(terminal)

BOOST_AUTO_TEST_CASE(the_option_wins_over_every_variable) {
  BOOST_TEST(coloured(ColourWish::always, {{"NO_COLOR", "1"}, {"TERM", "dumb"}}));
  BOOST_TEST(!coloured(ColourWish::never, {{"CLICOLOR_FORCE", "1"}}));
}

BOOST_AUTO_TEST_CASE(no_color_wins_over_force_and_force_over_dumb) {
  BOOST_TEST(!coloured(ColourWish::automatic, {{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}}));
  BOOST_TEST(coloured(ColourWish::automatic,
                      {{"NO_COLOR", ""}, {"CLICOLOR_FORCE", "1"}, {"TERM", "dumb"}}));
  BOOST_TEST(!coloured(ColourWish::automatic, {{"CLICOLOR_FORCE", "0"}, {"TERM", "xterm"}}));
}

BOOST_AUTO_TEST_CASE(a_pipe_gets_no_colour) {
  BOOST_TEST(!coloured(ColourWish::automatic, {{"TERM", "xterm-256color"}}));
}

BOOST_AUTO_TEST_CASE(ascii_follows_the_first_locale_variable_that_is_set) {
  BOOST_TEST(!ascii({{"LANG", "ko_KR.UTF-8"}}));
  BOOST_TEST(!ascii({{"LC_ALL", "C.utf8"}, {"LANG", "C"}}));
  BOOST_TEST(ascii({{"LC_ALL", "C"}, {"LANG", "en_US.UTF-8"}}));
  BOOST_TEST(ascii({}));
}

BOOST_AUTO_TEST_CASE(paints_only_with_colour) {
  Terminal terminal;
  BOOST_TEST(painted(terminal, Paint::good, "x") == "x");
  terminal.colour = true;
  BOOST_TEST(painted(terminal, Paint::good, "x") == "\x1b[32mx\x1b[0m");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth::cli
