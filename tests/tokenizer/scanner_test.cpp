// SPDX-License-Identifier: Apache-2.0
//
// The hand-written matchers against Oniguruma running the very pattern, with Unicode 16 classes
// spelled out: every string of up to five characters over an alphabet with one of each kind that a
// pattern tells apart, and random longer ones over all of Unicode.
#include "known_cuts.hpp"
#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

const std::vector<testing::KnownCut>& cuts() {
  static const std::vector<testing::KnownCut> kCuts = testing::known_cuts();
  return kCuts;
}

constexpr std::size_t kNumberOfCuts = 10;

std::string shown(const std::vector<std::string>& pieces) {
  std::string out;
  for (const std::string& piece : pieces)
    out += "<" + piece + ">";
  return out;
}

/// Compares both ways; counts, so that a failure prints one text and not thousands.
class Comparison {
 public:
  explicit Comparison(std::size_t cut) : cut_(cuts().at(cut)) {}

  void check(const std::string& text) {
    ++n_checked_;
    const auto fast = testing::pieces_of(cut_.by_scanner, text);
    const auto slow = testing::pieces_of(cut_.by_engine, text);
    BOOST_REQUIRE(fast.has_value());
    BOOST_REQUIRE(slow.has_value());
    if (*fast != *slow) BOOST_FAIL("scanner " << shown(*fast) << " but Oniguruma " << shown(*slow));
  }

  [[nodiscard]] std::size_t n_checked() const { return n_checked_; }

 private:
  const testing::KnownCut& cut_;
  std::size_t n_checked_ = 0;
};

void check_all_strings(Comparison& comparison, const std::vector<std::string>& alphabet,
                       std::size_t length, const std::string& prefix = {}) {
  if (!prefix.empty()) comparison.check(prefix);
  if (length == 0) return;
  for (const std::string& character : alphabet) {
    check_all_strings(comparison, alphabet, length - 1, prefix + character);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scanner)

BOOST_AUTO_TEST_CASE(knows_all_cuts_that_are_compared) {
  BOOST_TEST(cuts().size() == kNumberOfCuts);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_all_short_strings_of_every_kind,
                     boost::unit_test::data::xrange(kNumberOfCuts), cut) {
  Comparison comparison(cut);
  const std::vector<std::string> alphabet = {"a",      "É", "字",     "ー",     "1",
                                             "\u3097", " ", "\u00A0", "\n",     "\t",
                                             "!",      "/", "・",     "\u0301", "\u200B"};
  check_all_strings(comparison, alphabet, 4);
  BOOST_TEST(comparison.n_checked() > 50000U);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_all_contractions,
                     boost::unit_test::data::xrange(kNumberOfCuts), cut) {
  Comparison comparison(cut);
  check_all_strings(comparison,
                    {"'", "s", "T", "r", "E", "v", "l", "L", "ſ", "m", "d", "e", "\u0301", " "}, 3);
  for (const char* word : {"'s", "'RE", "'ll", "a", "B", " ", "1", "'ſ"})
    check_all_strings(comparison, {"x", "Y", "'", "l", " ", "1"}, 3, word);
  BOOST_TEST(comparison.n_checked() > 4800U);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_random_texts,
                     boost::unit_test::data::xrange(kNumberOfCuts), cut) {
  Comparison comparison(cut);
  std::mt19937 random(20240916);
  const std::u32string common =
      U"  "
      U"\n\r\t'!.,019abzAZsStTéñ¼²\u00A0\u2003\u3000\u0085\u1680한字ßſ😀\u0301\u200D/"
      U"·ǅʰÉカ゛・ー\u3097\u0903";
  for (int i = 0; i < 4000; ++i) {
    std::string text;
    const std::size_t length = 1 + random() % 40;
    for (std::size_t j = 0; j < length; ++j) {
      char32_t c = common[random() % common.size()];
      if (random() % 4 == 0) c = static_cast<char32_t>(random() % 0x30000);
      if (c >= 0xD800 && c <= 0xDFFF) c = 'x';
      unicode::append(text, c);
    }
    comparison.check(text);
  }
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_every_code_point_between_letters,
                     boost::unit_test::data::xrange(kNumberOfCuts), cut) {
  Comparison comparison(cut);
  for (char32_t c = 0; c <= 0x10FFFF; c += (c < 0x3000 || (c >= 0x1D000 && c < 0x20000)) ? 1 : 61) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text = "a";
    unicode::append(text, c);
    text += "b1 ";
    unicode::append(text, c);
    comparison.check(text);
  }
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_digits_and_what_is_spelled_by_digits,
                     boost::unit_test::data::xrange(kNumberOfCuts), cut) {
  // U+00B2 to U+00BE and the ideographs have bytes that the byte-level alphabet spells by numeric
  // characters.
  Comparison comparison(cut);
  check_all_strings(comparison, {"1", "²", "½", "位", "…", "‼", ",", " ", "a", "\u3000", "٣"}, 4);
  for (const char* start : {"12", "123", "1234567", "²1", "²12", "-1234"})
    check_all_strings(comparison, {"1", "23", "²", "位", ".", " "}, 3, start);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_the_marks_of_a_text,
                     boost::unit_test::data::xrange(kNumberOfCuts), cut) {
  Comparison comparison(cut);
  check_all_strings(comparison,
                    {"<|startoftext|>", "<|endoftext|>", "<|", "|>", "!", "a", " ", "'", "s"}, 4);
}

BOOST_AUTO_TEST_CASE(knows_letters_that_are_younger_than_the_systems_oniguruma) {
  // U+10D4A, a Garay letter, came with Unicode 16; the system's Oniguruma 6.9.8 has Unicode 14.
  BOOST_TEST((unicode::classes_of(0x10D4A) & unicode::tables::kLetterBit) != 0);
  BOOST_TEST(scan_gpt2("\U00010D4Aa!", 0) == 5U);
}

BOOST_AUTO_TEST_CASE(takes_a_long_run_of_white_space_as_one_piece_but_its_last_character) {
  const std::string text = std::string(200000, ' ') + "x";
  BOOST_TEST(scan_cl100k(text, 0) == 199999U);
  BOOST_TEST(scan_cl100k(text, 199999) == 200001U);
}

BOOST_AUTO_TEST_CASE(recognises_patterns_by_their_exact_text) {
  BOOST_TEST(scanner_for(kGpt2Pattern).has_value());
  BOOST_TEST(!scanner_for(std::string(kGpt2Pattern) + " ").has_value());
  BOOST_TEST(scanner_for(kClipPattern).value().leaves_spaces);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
