// SPDX-License-Identifier: Apache-2.0
#include "hfauth/core/utf8.hpp"

#include "hfauth/core/environment.hpp"
#include "hfauth/core/translate.hpp"

#include <boost/test/unit_test.hpp>

namespace utf8 = hfauth::utf8;

BOOST_AUTO_TEST_SUITE(utf_8)

BOOST_AUTO_TEST_CASE(accepts_all_lengths) {
  BOOST_TEST(!utf8::first_invalid("a\xC3\xA9\xEA\xB0\x80\xF0\x9F\xA4\x97").has_value());
}

BOOST_AUTO_TEST_CASE(names_the_first_bad_byte) {
  BOOST_TEST(utf8::first_invalid("ab\xFF").value() == 2U);
  BOOST_TEST(utf8::first_invalid("\xC0\xAF").value() == 0U);          // overlong
  BOOST_TEST(utf8::first_invalid("x\xED\xA0\x80").value() == 1U);     // surrogate
  BOOST_TEST(utf8::first_invalid("\xF4\x90\x80\x80").value() == 0U);  // beyond U+10FFFF
  BOOST_TEST(utf8::first_invalid("\xE2\x82").value() == 0U);          // cut off
}

BOOST_AUTO_TEST_CASE(replaces_maximal_parts) {
  BOOST_TEST(utf8::make_valid("a\xE2\x82z") == "a\xEF\xBF\xBDz");
  BOOST_TEST(utf8::make_valid("\xFF\xFF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(counts_columns_and_wraps_hangul) {
  hfauth::choose_language("en", hfauth::Environment(), "/nonexistent");
  BOOST_TEST(utf8::columns("토큰") == 4U);
  BOOST_TEST(utf8::columns("e\xCC\x81") == 1U);
  BOOST_TEST(utf8::wrap("토큰이 없습니다 abc", 10, "  ") == "토큰이\n  없습니다\n  abc");
  BOOST_TEST(utf8::wrap("averyveryverylongword x", 5, "") == "averyveryverylongword\nx");
}

BOOST_AUTO_TEST_CASE(keeps_a_number_and_its_unit_on_one_line) {
  BOOST_TEST(utf8::wrap("answers within 3 s", 16, "") == "answers within\n3 s");
  BOOST_TEST(utf8::wrap("(at most 16 MiB), then", 12, "") == "(at most\n16 MiB),\nthen");
  BOOST_TEST(utf8::wrap("within 3 seconds", 10, "") == "within 3\nseconds");
  BOOST_TEST(utf8::wrap("3", 1, "") == "3");
  BOOST_TEST(utf8::wrap("ends in 3 ", 80, "") == "ends in 3");
}

BOOST_AUTO_TEST_CASE(wraps_japanese_between_characters) {
  hfauth::choose_language("en", hfauth::Environment(), "/nonexistent");
  BOOST_TEST(utf8::wrap("トークンが無効です", 10, "  ") == "トークンが\n  無効です");
  BOOST_TEST(utf8::wrap("HF_TOKEN が無効です。", 12, "") == "HF_TOKEN が\n無効です。");
  // No line begins with a closing mark, a small kana or a long vowel, and none ends with an opening
  // mark.
  BOOST_TEST(utf8::wrap("設定済みです。", 12, "") == "設定済みで\nす。");
  BOOST_TEST(utf8::wrap("未設定のサーバー", 14, "") == "未設定のサー\nバー");
  BOOST_TEST(utf8::wrap("未設定（なし）", 8, "") == "未設定\n（なし）");
  BOOST_TEST(utf8::wrap("HF_HOME、HF_TOKEN（既定）", 10, "") == "HF_HOME、\nHF_TOKEN\n（既定）");
  BOOST_TEST(utf8::wrap("無、有  無", 80, "") == "無、有 無");
}

BOOST_AUTO_TEST_CASE(what_would_steer_a_terminal_is_spelled_out) {
  BOOST_TEST(utf8::visible("plain \xc3\xb6 \xeb\xaa\xa8") == "plain \xc3\xb6 \xeb\xaa\xa8");
  BOOST_TEST(utf8::visible("a\x1b[31mb\n\t") == "a\\x1b[31mb\\x0a\\x09");
  BOOST_TEST(utf8::visible("a\x7f\xc2\x9b") == "a\\x7f\\u{9b}");
  BOOST_TEST(utf8::visible("txt\xe2\x80\xaegpj") == "txt\\u{202e}gpj");
  BOOST_TEST(utf8::visible("\x9b\xff") == "\xef\xbf\xbd\xef\xbf\xbd");
}

BOOST_AUTO_TEST_SUITE_END()
