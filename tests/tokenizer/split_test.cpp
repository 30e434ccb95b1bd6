// SPDX-License-Identifier: Apache-2.0
//
// Patterns, the translation of their classes, and the five behaviours of Split.
#include "pre_tokenizers/pattern.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "pre_tokenizers/regex_translation.hpp"
#include "small_tokenizer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

using Strings = std::vector<std::string>;

Strings split(std::string_view regex, SplitBehavior behavior, bool invert, std::string_view text) {
  const auto stage = split_pre_tokenizer(oniguruma_pattern(regex).value(), behavior, invert);
  PieceList list;
  BOOST_REQUIRE(stage->cut(Piece{.text = text}, list).has_value());
  Strings pieces;
  for (const Piece& piece : list.pieces)
    pieces.emplace_back(piece.text);
  return pieces;
}

Strings matches(std::string_view regex, std::string_view text) {
  return split(regex, SplitBehavior::removed, true, text);
}

void check_refused(std::string_view regex, std::string_view part) {
  const auto translated = with_explicit_classes(regex);
  BOOST_REQUIRE(translated.has_error());
  BOOST_TEST(translated.error().code == Errc::unsupported);
  BOOST_TEST(translated.error().detail.find(part) != std::string::npos, translated.error().detail);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(split_pre_tokenizer_stage)

BOOST_AUTO_TEST_CASE(makes_pieces_by_each_behaviour) {
  const std::string_view text = "a-b--c";
  BOOST_TEST((split("-", SplitBehavior::removed, false, text) == Strings{"a", "b", "c"}));
  BOOST_TEST(
      (split("-", SplitBehavior::isolated, false, text) == Strings{"a", "-", "b", "-", "-", "c"}));
  BOOST_TEST((split("-", SplitBehavior::merged_with_previous, false, text) ==
              Strings{"a-", "b-", "-", "c"}));
  BOOST_TEST(
      (split("-", SplitBehavior::merged_with_next, false, text) == Strings{"a", "-b", "-", "-c"}));
  BOOST_TEST(
      (split("-", SplitBehavior::contiguous, false, text) == Strings{"a", "-", "b", "--", "c"}));
}

BOOST_AUTO_TEST_CASE(swaps_matches_and_gaps_when_inverted) {
  BOOST_TEST((split("-", SplitBehavior::removed, true, "a-b--c") == Strings{"-", "-", "-"}));
  BOOST_TEST(
      (split("-", SplitBehavior::contiguous, true, "a-b--c") == Strings{"a", "-", "b", "--", "c"}));
  BOOST_TEST((split("-", SplitBehavior::merged_with_previous, true, "a-b") == Strings{"a", "-b"}));
}

BOOST_AUTO_TEST_CASE(goes_on_behind_empty_matches) {
  BOOST_TEST((split("x*", SplitBehavior::isolated, false, "axxb") == Strings{"a", "xx", "b"}));
}

BOOST_AUTO_TEST_CASE(finds_literals_without_reading_them_as_patterns) {
  const auto stage = split_pre_tokenizer(literal_pattern("a."), SplitBehavior::removed, false);
  PieceList list;
  BOOST_REQUIRE(stage->cut(Piece{.text = "abxa.y"}, list).has_value());
  BOOST_REQUIRE_EQUAL(list.pieces.size(), 2U);
  BOOST_TEST(list.pieces[0].text == "abx");
  BOOST_TEST(list.pieces[1].text == "y");
}

BOOST_AUTO_TEST_CASE(reads_classes_with_unicode_16) {
  BOOST_TEST((matches("\\p{L}+", "ab1\U00010D4A") == Strings{"ab", "\U00010D4A"}));
  BOOST_TEST((matches("\\p{^L}+|\\P{N}", "a12b") == Strings{"a", "12", "b"}));
  BOOST_TEST((matches("[^\\s\\p{L}]+", "ab, c!") == Strings{",", "!"}));
  BOOST_TEST((matches("[\\p{L}&&[^a-c]]+", "abxyc") == Strings{"xy"}));
  BOOST_TEST((matches("\\b\\w+\\b", "ab cd") == Strings{"ab", "cd"}));
  BOOST_TEST((matches("[]a]+", "x]a]") == Strings{"]a]"}));
  BOOST_TEST((matches("(?#a comment \\X)b", "ab") == Strings{"b"}));
}

BOOST_AUTO_TEST_CASE(tells_word_characters_in_brackets_from_those_outside) {
  BOOST_TEST((matches("\\w+", "a¹b") == Strings{"a¹b"}));
  BOOST_TEST((matches("[\\w]+", "a¹b") == Strings{"a", "b"}));
}

BOOST_AUTO_TEST_CASE(does_not_fold_the_case_of_properties) {
  BOOST_TEST((matches("(?i)\\p{Lu}k", "Ak ak") == Strings{"Ak"}));
}

BOOST_AUTO_TEST_CASE(reads_posix_brackets_categories_and_scripts) {
  BOOST_TEST((matches("[[:alpha:]]+|[[:punct:]]", "a\u00e9$1") == Strings{"a\u00e9", "$"}));
  BOOST_TEST((matches("[[:^space:]]+", "ab c") == Strings{"ab", "c"}));
  BOOST_TEST((matches("\\p{Hangul}+", "한국a") == Strings{"한국"}));
  BOOST_TEST((matches("\\p{Sc}|\\p{Emoji}", "a$€🙂") == Strings{"$", "€", "🙂"}));
}

// Expected values: PyPI tokenizers 0.23.3, Split with the same pattern.
BOOST_AUTO_TEST_CASE(takes_grapheme_clusters_as_the_reference_does) {
  BOOST_TEST((matches("\\X", "e\u0301\r\n\n한각") == Strings{"e\u0301", "\r\n", "\n", "한", "각"}));
  BOOST_TEST((matches("\\X", "🇰🇷🇰👩\u200d👧") == Strings{"🇰🇷", "🇰", "👩\u200d👧"}));
  BOOST_TEST((matches("\\X", "क\u094dष") == Strings{"क\u094d", "ष"}));
}

BOOST_AUTO_TEST_CASE(refuses_classes_without_a_table_by_name) {
  check_refused("\\p{Bengali}", "\\p{Bengali}");
  check_refused("a\\y", "\\y");
  check_refused("[[:word1:]]", "[:word1:]");
  check_refused("(?x) a", "?x");
}

BOOST_AUTO_TEST_CASE(reports_what_is_not_a_pattern) {
  for (const char* bad : {"(", "[a", "\\p{L", "\\", "a{2,1}(?<", "[[:digit"}) {
    const auto pattern = oniguruma_pattern(bad);
    BOOST_TEST(pattern.has_error(), bad);
  }
}

BOOST_AUTO_TEST_CASE(gives_up_on_runaway_backtracking_with_an_error) {
  const auto pattern = oniguruma_pattern("(?:a|a|b|ab)*c(?=(a+)+$)|(x+x+)+y").value();
  std::vector<SplitEvent> events;
  const auto found = pattern->find_events(std::string(60, 'x') + "z", events);
  BOOST_REQUIRE(found.has_error());
  BOOST_TEST(found.error().code == Errc::regex_limit);
}

BOOST_AUTO_TEST_CASE(cuts_the_spelled_text_behind_byte_level) {
  testing::SmallTokenizer small;
  small.pre_tokenizer =
      R"({"type":"Sequence","pretokenizers":[{"type":"ByteLevel","add_prefix_space":true,"use_regex":false},
    {"type":"Split","pattern":{"String":"Ġ"},"behavior":"MergedWithNext","invert":false}]})";
  const auto pieces = small.load().pre_tokenize("é a").value();
  BOOST_REQUIRE_EQUAL(pieces.size(), 2U);
  BOOST_TEST(pieces[0].text == "ĠÃ©");
  BOOST_TEST(pieces[0].range == (CodePointRange{0, 1}));
  BOOST_TEST(pieces[1].text == "Ġa");
  BOOST_TEST(pieces[1].range == (CodePointRange{1, 3}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
