// SPDX-License-Identifier: Apache-2.0
//
// Texts taken apart: what a separator at an edge means, and what is left of blanks alone.
#include "hfauth/core/text_pieces.hpp"

#include "hfauth/core/ascii.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace hfauth {
namespace {

std::vector<std::string> lines_of(std::string_view rest) {
  std::vector<std::string> lines;
  while (!rest.empty())
    lines.emplace_back(take_until(rest, '\n'));
  return lines;
}

BOOST_AUTO_TEST_SUITE(text_pieces)

BOOST_AUTO_TEST_CASE(a_newline_ends_a_line_and_begins_none) {
  using Lines = std::vector<std::string>;
  BOOST_TEST(lines_of("a\nb") == (Lines{"a", "b"}));
  BOOST_TEST(lines_of("a\nb\n") == (Lines{"a", "b"}));
  BOOST_TEST(lines_of("\n\na") == (Lines{"", "", "a"}));
  BOOST_TEST(lines_of("").empty());
}

BOOST_AUTO_TEST_CASE(what_is_taken_and_what_is_left_are_views_of_the_text) {
  const std::string_view text = "a\0bc\0";
  std::string_view rest(text.data(), 5);
  const std::string_view first = take_until(rest, '\0');
  BOOST_TEST(first == "a");
  BOOST_TEST(static_cast<const void*>(first.data()) == text.data());
  BOOST_TEST(static_cast<const void*>(rest.data()) == text.data() + 2);
  BOOST_TEST(take_until(rest, '\0') == "bc");
  BOOST_TEST(take_until(rest, '\0') == "");
}

BOOST_AUTO_TEST_CASE(blanks_go_at_the_ends_alone) {
  BOOST_TEST(trimmed("  a b \t\r\n") == "a b");
  BOOST_TEST(trimmed(" \n") == "");
  BOOST_TEST(trimmed("") == "");
  BOOST_TEST(trimmed("\n a\n", " ") == "\n a\n");
  BOOST_TEST(trimmed_end(" a ") == " a");
  BOOST_TEST(trimmed_end("   ") == "");
  BOOST_TEST(trimmed_begin(" a ") == "a ");
  BOOST_TEST(trimmed_begin("   ") == "");
}

BOOST_AUTO_TEST_CASE(spaces_are_those_of_ascii) {
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    BOOST_TEST((kSpaces.find(byte) != std::string_view::npos) == ascii::is_space(byte));
  }
}

BOOST_AUTO_TEST_CASE(pieces_are_put_one_behind_the_other) {
  BOOST_TEST(joined({"url=", "", "x\n"}).expose() == "url=x\n");
  BOOST_TEST(joined({}).expose() == "");
  BOOST_TEST(joined({"", ""}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace hfauth
