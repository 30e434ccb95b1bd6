// SPDX-License-Identifier: Apache-2.0
//
// The models, without any stage before them. Expected values: PyPI tokenizers 0.23.3.
#include "small_tokenizer.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

struct Row {
  std::string model;
  std::string text;
  std::vector<TokenId> ids;
  std::vector<std::string> tokens;
  std::vector<CodePointRange> offsets;
};

const Row kRows[] = {
    {R"({"type": "BPE", "unk_token": "?", "end_of_word_suffix": "</w>", "vocab": {"?": 0, "a": 1, "b": 2, "b</w>": 3, "ab</w>": 4}, "merges": ["a b</w>"]})",
     "aab",
     {1, 4},
     {"a", "ab</w>"},
     {{0, 1}, {1, 3}}},
    {R"({"type": "BPE", "unk_token": "?", "continuing_subword_prefix": "##", "vocab": {"?": 0, "a": 1, "##b": 2, "##a": 3, "ab": 4, "##ba": 5}, "merges": ["a ##b", "##b ##a"]})",
     "abax",
     {4, 3, 0},
     {"ab", "##a", "?"},
     {{0, 2}, {2, 3}, {3, 4}}},
    {R"({"type": "BPE", "unk_token": "?", "byte_fallback": true, "vocab": {"?": 0, "a": 1, "<0xC3>": 2, "<0xA9>": 3}, "merges": []})",
     "a\u00e9\u4e2d\u00e9",
     {1, 2, 3, 2, 3, 0},
     {"a", "<0xC3>", "<0xA9>", "<0xC3>", "<0xA9>", "?"},
     {{0, 1}, {1, 2}, {1, 2}, {2, 3}, {2, 3}, {2, 4}}},
    {R"({"type": "BPE", "unk_token": "?", "fuse_unk": true, "byte_fallback": true, "vocab": {"?": 0, "a": 1, "<0xC3>": 2, "<0xA9>": 3}, "merges": []})",
     "xy\u00e9za",
     {2, 3, 0, 1},
     {"<0xC3>", "<0xA9>", "?", "a"},
     {{0, 1}, {1, 2}, {2, 4}, {4, 5}}},
    {R"({"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]})",
     "axb",
     {2},
     {"ab"},
     {{0, 2}}},
    {R"({"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 6, "vocab": {"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3, "\u00e9": 4, "##\u00e9": 5}})",
     "unaff",
     {1, 2},
     {"un", "##aff"},
     {{0, 2}, {2, 5}}},
    {R"({"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 6, "vocab": {"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3, "\u00e9": 4, "##\u00e9": 5}})",
     "unaffable",
     {0},
     {"[UNK]"},
     {{0, 9}}},
    {R"({"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 6, "vocab": {"[UNK]": 0, "un": 1, "##aff": 2, "##able": 3, "\u00e9": 4, "##\u00e9": 5}})",
     "\u00e9\u00e9\u00e9",
     {4, 5, 5},
     {"\u00e9", "##\u00e9", "##\u00e9"},
     {{0, 1}, {1, 2}, {2, 3}}},
    {R"({"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "ab": 1}})",
     "ab",
     {1},
     {"ab"},
     {{0, 2}}},
    {R"({"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "ab": 1}})",
     "\u00e9b",
     {0},
     {"?"},
     {{0, 2}}},
    {R"({"type": "Unigram", "unk_id": 0, "vocab": [["?", 0.0], ["a", -1.0], ["b", -1.0], ["ab", -1.5], ["abc", -9.0]]})",
     "abcxyab",
     {4, 0, 3},
     {"abc", "xy", "ab"},
     {{0, 3}, {3, 5}, {5, 7}}},
    {R"({"type": "Unigram", "unk_id": 0, "byte_fallback": true, "vocab": [["?", 0.0], ["a", -1.0], ["<0xC3>", -2.0], ["<0xA9>", -2.0]]})",
     "a\u00e9\u00e9a\u4e2d",
     {1, 2, 3, 2, 3, 1, 0},
     {"a", "<0xC3>", "<0xA9>", "<0xC3>", "<0xA9>", "a", "\u4e2d"},
     {{0, 1}, {1, 3}, {1, 3}, {1, 3}, {1, 3}, {3, 4}, {4, 5}}},
    {R"({"type": "Unigram", "unk_id": 0, "vocab": [["?", 0.0], ["a", -1.0], ["aa", -2.0], ["aaa", -3.0]]})",
     "aaaa",
     {1, 3},
     {"a", "aaa"},
     {{0, 1}, {1, 4}}},
    {R"({"type": "Unigram", "unk_id": 0, "vocab": [["?", 0.0], ["a", -1.0], ["xy", -30.0], ["a", -2.0]]})",
     "xya",
     {2, 3},
     {"xy", "a"},
     {{0, 2}, {2, 3}}},
};

Tokenizer with_model(const std::string& model) {
  auto loaded = Tokenizer::from_json(fmt::format(R"({{"model":{}}})", model));
  if (!loaded) BOOST_FAIL(loaded.error().detail);
  return std::move(*loaded);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(models)

BOOST_AUTO_TEST_CASE(encode_as_the_reference_does) {
  for (const Row& row : kRows) {
    const Tokenizer tokenizer = with_model(row.model);
    const Encoding encoding = tokenizer.encode(row.text).value();
    std::vector<TokenId> ids;
    BOOST_REQUIRE(tokenizer.encode_ids(row.text, ids).has_value());
    BOOST_TEST_CONTEXT(row.model) {
      BOOST_TEST(encoding.ids == row.ids, boost::test_tools::per_element());
      BOOST_TEST(encoding.tokens == row.tokens, boost::test_tools::per_element());
      BOOST_TEST(encoding.offsets == row.offsets, boost::test_tools::per_element());
      BOOST_TEST(ids == row.ids, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(fail_if_the_unknown_token_is_needed_but_absent) {
  for (
      const char* model :
      {R"({"type":"WordLevel","vocab":{"a":0},"unk_token":"?"})",
       R"({"type":"WordPiece","vocab":{"a":0},"unk_token":"?","continuing_subword_prefix":"##","max_input_chars_per_word":9})",
       R"({"type":"Unigram","vocab":[["a",-1.0]],"unk_id":null})"}) {
    const Tokenizer tokenizer = with_model(model);
    BOOST_TEST(tokenizer.encode("a").value().ids == std::vector<TokenId>{0},
               boost::test_tools::per_element());
    BOOST_REQUIRE(tokenizer.encode("ab").has_error());
    BOOST_TEST(tokenizer.encode("ab").error().code == Errc::corrupt);
  }
}

BOOST_AUTO_TEST_CASE(pass_over_merges_by_chance_the_same_way_every_time) {
  const std::string model =
      R"({"type":"BPE","dropout":%,"vocab":{"a":0,"aa":1,"aaaa":2},"merges":["a a","aa aa"]})";
  const auto with_dropout = [&](const char* probability) {
    return with_model(std::string(model).replace(model.find('%'), 1, probability));
  };
  const std::string text(64, 'a');
  BOOST_TEST(with_dropout("0").encode(text).value().size() == 16U);
  BOOST_TEST(with_dropout("1").encode(text).value().size() == 64U);
  const Encoding half = with_dropout("0.5").encode(text).value();
  BOOST_TEST(half.size() > 16U);
  BOOST_TEST(half.size() < 64U);
  BOOST_TEST((half == with_dropout("0.5").encode(text).value()));
}

BOOST_AUTO_TEST_CASE(give_every_id_of_a_unigram_its_piece_even_if_it_stands_twice) {
  const Tokenizer tokenizer =
      with_model(R"({"type":"Unigram","vocab":[["?",0],["a",-1],["a",-2]],"unk_id":0})");
  BOOST_TEST(tokenizer.vocab_size() == 3U);
  BOOST_TEST(tokenizer.id_to_token(1).value() == "a");
  BOOST_TEST(tokenizer.token_to_id("a").value() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
