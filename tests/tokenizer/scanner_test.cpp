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

using Patterns = std::vector<std::string_view>;

const std::vector<Patterns> kPatterns = {
    {kGpt2Pattern},
    {kCl100kPattern},
    {kQwen2Pattern},
    {kQwen35Pattern},
    {kO200kPattern},
    {kTekkenPattern},
    {std::begin(kDeepSeekPatterns), std::end(kDeepSeekPatterns)}};

/// The pieces that several patterns make, one after the other, each by Oniguruma.
class Stages {
 public:
  explicit Stages(const Patterns& patterns) {
    for (const std::string_view pattern : patterns)
      stages_.push_back(oniguruma_pattern(pattern).value());
  }

  [[nodiscard]] std::vector<SplitEvent> find_pieces(const std::string& text) const {
    std::vector<SplitEvent> pieces = {{{0, static_cast<std::uint32_t>(text.size())}, true}};
    std::vector<SplitEvent> events;
    for (const auto& stage : stages_) {
      std::vector<SplitEvent> next;
      for (const SplitEvent& piece : pieces) {
        const std::uint32_t begin = piece.range.begin;
        const std::string part = text.substr(begin, piece.range.end - begin);
        BOOST_REQUIRE(stage->find_events(part, events).has_value());
        for (const SplitEvent& event : events)
          next.push_back({{begin + event.range.begin, begin + event.range.end}, true});
      }
      pieces = std::move(next);
    }
    return pieces;
  }

 private:
  std::vector<std::unique_ptr<const Pattern>> stages_;
};

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
  explicit Comparison(const Patterns& patterns)
      : fast_(scanner_pattern(scanner_for(patterns).value())), slow_(patterns) {}

  void check(const std::string& text) {
    ++n_checked_;
    BOOST_REQUIRE(fast_->find_events(text, fast_events_).has_value());
    const std::vector<SplitEvent> slow_events = slow_.find_pieces(text);
    if (fast_events_ != slow_events) {
      BOOST_FAIL("scanner " << shown(text, fast_events_) << " but Oniguruma "
                            << shown(text, slow_events));
    }
  }

  [[nodiscard]] std::size_t n_checked() const { return n_checked_; }

 private:
  std::unique_ptr<const Pattern> fast_;
  Stages slow_;
  std::vector<SplitEvent> fast_events_;
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
                     boost::unit_test::data::xrange(kPatterns.size()), pattern) {
  Comparison comparison(kPatterns[pattern]);
  const std::vector<std::string> alphabet = {"a",      "É", "字",     "ー",     "1",
                                             "\u3097", " ", "\u00A0", "\n",     "\t",
                                             "!",      "/", "・",     "\u0301", "\u200B"};
  check_all_strings(comparison, alphabet, 4);
  BOOST_TEST(comparison.n_checked() > 50000U);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_all_contractions,
                     boost::unit_test::data::xrange(kPatterns.size()), pattern) {
  Comparison comparison(kPatterns[pattern]);
  check_all_strings(comparison,
                    {"'", "s", "T", "r", "E", "v", "l", "L", "ſ", "m", "d", "e", "\u0301", " "}, 3);
  for (const char* word : {"'s", "'RE", "'ll", "a", "B", " ", "1", "'ſ"})
    check_all_strings(comparison, {"x", "Y", "'", "l", " ", "1"}, 3, word);
  BOOST_TEST(comparison.n_checked() > 4800U);
}

BOOST_DATA_TEST_CASE(agrees_with_oniguruma_on_random_texts,
                     boost::unit_test::data::xrange(kPatterns.size()), pattern) {
  Comparison comparison(kPatterns[pattern]);
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
                     boost::unit_test::data::xrange(kPatterns.size()), pattern) {
  Comparison comparison(kPatterns[pattern]);
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
