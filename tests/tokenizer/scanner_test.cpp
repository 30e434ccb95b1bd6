// SPDX-License-Identifier: Apache-2.0
//
// The hand-written matchers against Oniguruma running the very pattern, with Unicode 16 classes
// spelled out: every string of up to five characters over an alphabet with one of each kind that a
// pattern tells apart, and random longer ones over all of Unicode.
#include "pre_tokenizers/pattern.hpp"
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

constexpr std::string_view kPatterns[] = {kGpt2Pattern, kCl100kPattern};

std::string shown(const std::string& text, const std::vector<SplitEvent>& events) {
  std::string out;
  for (const SplitEvent& event : events) {
    out += (event.is_match ? "<" : "(") +
           text.substr(event.range.begin, event.range.end - event.range.begin) +
           (event.is_match ? ">" : ")");
  }
  return out;
}

/// Compares both engines; counts, so that a failure prints one text and not thousands.
class Comparison {
 public:
  explicit Comparison(std::string_view pattern)
      : fast_(scanner_pattern(scanner_for(pattern).value())),
        slow_(oniguruma_pattern(pattern).value()) {}

  void check(const std::string& text) {
    ++n_checked_;
    BOOST_REQUIRE(fast_->find_events(text, fast_events_).has_value());
    BOOST_REQUIRE(slow_->find_events(text, slow_events_).has_value());
    if (fast_events_ != slow_events_) {
      BOOST_FAIL("scanner " << shown(text, fast_events_) << " but Oniguruma "
                            << shown(text, slow_events_));
    }
  }

  [[nodiscard]] std::size_t n_checked() const { return n_checked_; }

 private:
  std::unique_ptr<const Pattern> fast_;
  std::unique_ptr<const Pattern> slow_;
  std::vector<SplitEvent> fast_events_;
  std::vector<SplitEvent> slow_events_;
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

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_all_short_strings_of_every_kind,
                     boost::unit_test::data::make(kPatterns), pattern) {
  Comparison comparison(pattern);
  const std::vector<std::string> alphabet = {"a",  "é",  "1", "²", " ", "\u00A0", "\n",
                                             "\r", "\t", "!", "'", "s", "😀"};
  check_all_strings(comparison, alphabet, 4);
  BOOST_TEST(comparison.n_checked() > 28000U);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_all_contractions,
                     boost::unit_test::data::make(kPatterns), pattern) {
  Comparison comparison(pattern);
  check_all_strings(comparison,
                    {"'", "s", "T", "r", "E", "v", "l", "L", "ſ", "m", "d", "e", "\u0301", " "}, 4);
  BOOST_TEST(comparison.n_checked() > 38000U);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_random_texts, boost::unit_test::data::make(kPatterns),
                     pattern) {
  Comparison comparison(pattern);
  std::mt19937 random(20240916);
  const std::u32string common =
      U"  \n\r\t'!.,019abzAZsStTéñ¼²\u00A0\u2003\u3000\u0085\u1680한字ßſ😀\u0301\u200D";
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
                     boost::unit_test::data::make(kPatterns), pattern) {
  Comparison comparison(pattern);
  for (char32_t c = 0; c <= 0x10FFFF; c += (c < 0x3000 || (c >= 0x1D000 && c < 0x20000)) ? 1 : 61) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text = "a";
    unicode::append(text, c);
    text += "b1 ";
    unicode::append(text, c);
    comparison.check(text);
  }
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
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
