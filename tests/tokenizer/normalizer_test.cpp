// SPDX-License-Identifier: Apache-2.0
//
// The normalizers, each with its alignments. Expected values: PyPI tokenizers 0.23.3, Tokenizer
// with the normalizer, FixedLength 1 and WordLevel, so that there is a token a character.
#include "normalizers/normalizer.hpp"

#include "small_charsmap.hpp"
#include "small_tokenizer.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

struct Row {
  std::string normalizer;
  std::string text;
  std::string normalized;
  std::vector<CodePointRange> offsets;  ///< where each character of `normalized` came from
};

const Row kRows[] = {
    {R"({"type": "NFC"})",
     "e\u0301\u1100\u1161\u11a8 \u0344",
     "\u00e9\uac01 \u0308\u0301",
     {{0, 1}, {2, 3}, {5, 6}, {6, 7}, {6, 7}}},
    {R"({"type": "NFD"})",
     "\u00e9\uac01a\u0301\u0323",
     "e\u0301\u1100\u1161\u11a8a\u0323\u0301",
     {{0, 1}, {0, 1}, {1, 2}, {1, 2}, {1, 2}, {2, 3}, {3, 4}, {4, 5}}},
    {R"({"type": "NFKC"})",
     "\ufb01 \u2460 \u212b \u3300",
     "fi 1 \u00c5 \u30a2\u30d1\u30fc\u30c8",
     {{0, 1}, {0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 7}, {6, 7}, {6, 7}, {6, 7}}},
    {R"({"type": "NFKD"})",
     "\u01c4\uff21\u00a0",
     "DZ\u030cA ",
     {{0, 1}, {0, 1}, {0, 1}, {1, 2}, {2, 3}}},
    {R"({"type": "Lowercase"})",
     "\u0130\u03a3 ABC \u00dc",
     "i\u0307\u03c3 abc \u00fc",
     {{0, 1}, {0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 7}, {7, 8}}},
    {R"({"type": "Strip", "strip_left": true, "strip_right": false})",
     " \u3000a b \x0a"
     "",
     "a b \x0a"
     "",
     {{2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 7}}},
    {R"({"type": "StripAccents"})", "e\u0301\u00e9", "e\u00e9", {{0, 1}, {2, 3}}},
    {R"({"type": "Nmt"})",
     "a\x01"
     "\x09"
     "b\u200bc\u2028",
     "a b c ",
     {{0, 1}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 7}}},
    {R"({"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"})",
     "a  b",
     "a\u2581\u2581b",
     {{0, 1}, {1, 2}, {2, 3}, {3, 4}}},
    {R"({"type": "Replace", "pattern": {"Regex": "[0-9]{2,}"}, "content": "#!"})",
     "a123b4 55",
     "a#!b4 #!",
     {{0, 1}, {3, 4}, {3, 4}, {4, 5}, {5, 6}, {6, 7}, {8, 9}, {8, 9}}},
    {R"({"type": "Prepend", "prepend": "\u2581\u2581"})",
     "\u00e9a",
     "\u2581\u2581\u00e9a",
     {{0, 1}, {0, 1}, {0, 1}, {1, 2}}},
    {R"({"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true})",
     "\u00c9\x0b"
     "\u4e2dA\x09"
     "x\U0002b820",
     "e \u4e2d a x\U0002b820",
     {{0, 1}, {2, 3}, {2, 3}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {6, 7}}},
    {R"({"type": "ByteLevel"})",
     "a \u00e9",
     "a\u0120\u00c3\u00a9",
     {{0, 1}, {1, 2}, {2, 3}, {2, 3}}},
    {R"({"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]})",
     "\u00c9t\u00c9",
     "ete",
     {{0, 1}, {1, 2}, {2, 3}}},
};

Tokenizer one_token_a_character(const std::string& normalizer) {
  auto loaded = Tokenizer::from_json(
      fmt::format(R"({{"normalizer":{},"pre_tokenizer":{{"type":"FixedLength","length":1}},)"
                  R"("model":{{"type":"WordLevel","vocab":{{"?":0}},"unk_token":"?"}}}})",
                  normalizer));
  if (!loaded) BOOST_FAIL(loaded.error().detail);
  return std::move(*loaded);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(normalizers)

BOOST_AUTO_TEST_CASE(rewrite_texts_as_the_reference_does) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.normalizer) {
      BOOST_TEST(one_token_a_character(row.normalizer).normalize(row.text).value() ==
                 row.normalized);
    }
  }
}

BOOST_AUTO_TEST_CASE(know_where_each_character_came_from) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.normalizer) {
      BOOST_TEST(
          one_token_a_character(row.normalizer).encode(row.text).value().offsets == row.offsets,
          boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(leave_nothing_of_a_text_that_they_drop) {
  for (const char* normalizer :
       {R"({"type":"Strip","strip_left":true,"strip_right":true})", R"({"type":"StripAccents"})",
        R"({"type":"Sequence","normalizers":[{"type":"StripAccents"},{"type":"Lowercase"}]})"}) {
    const std::string dropped = std::string(normalizer).find("\"Strip\"") != std::string::npos
                                    ? " \u3000 "
                                    : "\u0301\u0301";
    const auto tokenizer = one_token_a_character(normalizer);
    BOOST_TEST(tokenizer.normalize(dropped).value().empty());
    BOOST_TEST(tokenizer.encode(dropped).value().size() == 0U);
    BOOST_TEST(tokenizer.normalize("").value().empty());
  }
}

// Expected values: PyPI tokenizers 0.23.3, Precompiled with the same charsmap. A cluster is
// replaced as a whole, and what is replaced by nothing is swallowed by the character before.
BOOST_AUTO_TEST_CASE(take_clusters_of_a_charsmap_as_the_reference_does) {
  const NormalizerHandle normalizer = precompiled_normalizer(small_charsmap()).value();
  const std::pair<const char*, std::string> rows[] = {
      {"ca\u0301bab", "c[0,1) x[1,2) y[2,4) x[5,6) y[6,7) "},
      {"bca", "c[0,1) x[1,2) y[1,2) "},
      {"cb\u0301a", "c[0,1) x[4,5) y[4,5) "}};
  for (const auto& [text, expected] : rows) {
    NormalizedText normalized{std::string_view(text)};
    BOOST_REQUIRE(normalizer->apply(normalized).has_value());
    PieceList home;
    const Piece piece = normalized.release(home);
    std::string got;
    for (std::uint32_t i = 0; i < piece.text.size(); ++i) {
      const ByteRange range = piece.original_range(i, i + 1);
      got += fmt::format("{}[{},{}) ", piece.text[i], range.begin, range.end);
    }
    BOOST_TEST(got == expected, text);
  }
}

BOOST_AUTO_TEST_CASE(refuse_charsmaps_that_are_damaged) {
  for (const char* charsmap :
       {"", "AA==", "AAAA", "BAAAAA==", "////fwAAAAA=", "AwAAAAAAAAA=", "!"}) {
    const auto loaded = Tokenizer::from_json(fmt::format(
        R"({{"normalizer":{{"type":"Precompiled","precompiled_charsmap":"{}"}},"model":{{"vocab":{{}},"merges":[]}}}})",
        charsmap));
    BOOST_REQUIRE_MESSAGE(loaded.has_error(), charsmap);
    BOOST_TEST(loaded.error().code == Errc::corrupt);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
