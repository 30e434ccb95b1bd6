// SPDX-License-Identifier: Apache-2.0
//
// The pre-tokenizers other than Split and ByteLevel. Expected values: PyPI tokenizers 0.23.3,
// pre_tokenize_str.
#include "small_tokenizer.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

struct Row {
  std::string pre_tokenizer;
  std::string text;
  std::vector<PreToken> pieces;
};

const Row kRows[] = {
    {R"({"type": "Whitespace"})",
     "Hey, \u00e9t\u00e9_1!\u200d x",
     {{"Hey", {0, 3}},
      {",", {3, 4}},
      {"\u00e9t\u00e9_1", {5, 10}},
      {"!", {10, 11}},
      {"\u200d", {11, 12}},
      {"x", {13, 14}}}},
    {R"({"type": "WhitespaceSplit"})",
     " a\u3000b  c",
     {{"a", {1, 2}}, {"b", {3, 4}}, {"c", {6, 7}}}},
    {R"({"type": "BertPreTokenizer"})",
     "Hi, it's $5 \u2e43.",
     {{"Hi", {0, 2}},
      {",", {2, 3}},
      {"it", {4, 6}},
      {"'", {6, 7}},
      {"s", {7, 8}},
      {"$", {9, 10}},
      {"5", {10, 11}},
      {"\u2e43", {12, 13}},
      {".", {13, 14}}}},
    {R"({"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true})",
     "Hey  you",
     {{"\u2581Hey", {0, 3}}, {"\u2581", {3, 4}}, {"\u2581you", {4, 8}}}},
    {R"({"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": false})",
     " a b",
     {{"\u2581a\u2581b", {0, 4}}}},
    {R"({"type": "Punctuation", "behavior": "Contiguous"})",
     "a?!b.",
     {{"a", {0, 1}}, {"?!", {1, 3}}, {"b", {3, 4}}, {".", {4, 5}}}},
    {R"({"type": "Punctuation"})",
     "a?!b.",
     {{"a", {0, 1}}, {"?", {1, 2}}, {"!", {2, 3}}, {"b", {3, 4}}, {".", {4, 5}}}},
    {R"({"type": "Digits", "individual_digits": true})",
     "a12\u0663b",
     {{"a", {0, 1}}, {"1", {1, 2}}, {"2", {2, 3}}, {"\u0663", {3, 4}}, {"b", {4, 5}}}},
    {R"({"type": "Digits", "individual_digits": false})",
     "a12\u0663b",
     {{"a", {0, 1}}, {"12\u0663", {1, 4}}, {"b", {4, 5}}}},
    {R"({"type": "CharDelimiterSplit", "delimiter": "-"})",
     "a-b--c",
     {{"a", {0, 1}}, {"b", {2, 3}}, {"c", {5, 6}}}},
    {R"({"type": "FixedLength", "length": 2})",
     "a\u00e9b\u4e2dc",
     {{"a\u00e9", {0, 2}}, {"b\u4e2d", {2, 4}}, {"c", {4, 5}}}},
    {R"({"type": "UnicodeScripts"})",
     " \u3069\u3053\u3067\u30fc\u4e2d abc1 \u03b1",
     {{"\u3069\u3053\u3067\u30fc\u4e2d ", {1, 7}},
      {"abc", {7, 10}},
      {"1 ", {10, 12}},
      {"\u03b1", {12, 13}}}},
    {R"({"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": true}]})",
     "a  b",
     {{"\u2581a", {0, 1}}, {"\u2581b", {3, 4}}}},
    {R"({"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": true}, {"type": "Digits", "individual_digits": true}]})",
     "a 12",
     {{"\u2581a", {0, 1}}, {"\u2581", {1, 2}}, {"1", {2, 3}}, {"2", {3, 4}}}},
};

std::string spelled(const std::vector<PreToken>& pieces) {
  std::string out;
  for (const PreToken& piece : pieces)
    out += fmt::format("{} [{},{}) ", piece.text, piece.range.begin, piece.range.end);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pre_tokenizers)

BOOST_AUTO_TEST_CASE(cut_texts_as_the_reference_does) {
  for (const Row& row : kRows) {
    testing::SmallTokenizer small;
    small.pre_tokenizer = row.pre_tokenizer;
    BOOST_TEST_CONTEXT(row.pre_tokenizer) {
      BOOST_TEST(spelled(small.load().pre_tokenize(row.text).value()) == spelled(row.pieces));
      BOOST_TEST(small.load().pre_tokenize("").value().empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(put_the_mark_in_front_of_the_first_word_of_the_text_only) {
  testing::SmallTokenizer small;
  small.added_tokens = "[" + testing::added_token("<x>") + "]";
  small.pre_tokenizer =
      R"({"type":"Metaspace","replacement":"_","prepend_scheme":"first","split":true})";
  BOOST_TEST(small.load().encode("ab<x>cd").value().tokens ==
                 (std::vector<std::string>{"_", "a", "b", "<x>", "c", "d"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
