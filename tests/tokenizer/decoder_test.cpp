// SPDX-License-Identifier: Apache-2.0
//
// The decoders and decoding bit by bit. Expected values: PyPI tokenizers 0.23.3, decode.
#include "hfauth/tokenizer/decode_stream.hpp"
#include "small_tokenizer.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

struct Row {
  std::string decoder;
  std::vector<TokenId> ids;
  std::string text;
};

constexpr const char* kModel =
    R"({"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0, "he": 1, "llo": 2, "##x": 3, "</w>": 4, "|": 5, "<pad>": 6, "\u2581a": 7, "b\u2581": 8, "<0xE4>": 9, "<0xB8>": 10, "<0xAD>": 11, ".": 12, "n't": 13, "hh": 14, "\u0120w": 15, "a</w>": 16, "\u00e4\u00b8": 17}})";

const Row kRows[] = {
    {R"(null)", {1, 2}, "he llo"},
    {R"({"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true})",
     {1, 15, 17},
     "he w\ufffd"},
    {R"({"type": "WordPiece", "prefix": "##", "cleanup": true})", {1, 3, 2, 12, 13}, "hex llo.n't"},
    {R"({"type": "WordPiece", "prefix": "##", "cleanup": false})",
     {1, 3, 2, 12, 13},
     "hex llo . n't"},
    {R"({"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true})",
     {7, 8, 7},
     "ab  a"},
    {R"({"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": true})",
     {7, 8},
     " ab "},
    {R"({"type": "BPEDecoder", "suffix": "</w>"})", {16, 1, 16}, "a hea"},
    {R"({"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": true})",
     {1, 1, 6, 1, 5, 5, 2},
     "hehe llo"},
    {R"({"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": false})",
     {1, 1, 6, 1, 5, 5, 2},
     "hehe|llo"},
    {R"({"type": "ByteFallback"})", {9, 10, 11, 1, 9, 10}, "\u4e2dhe\ufffd\ufffd"},
    {R"({"type": "Fuse"})", {1, 2}, "hello"},
    {R"({"type": "Strip", "content": "h", "start": 1, "stop": 0})", {14, 1}, "he"},
    {R"({"type": "Replace", "pattern": {"Regex": "[el]"}, "content": "*"})", {1, 2}, "h***o"},
    {R"({"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]})",
     {7, 9, 10, 11, 8},
     "a\u4e2db "},
};

Tokenizer with_decoder(const std::string& decoder) {
  auto loaded =
      Tokenizer::from_json(fmt::format(R"({{"decoder":{},"model":{}}})", decoder, kModel));
  if (!loaded) BOOST_FAIL(loaded.error().detail);
  return std::move(*loaded);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(decoders)

BOOST_AUTO_TEST_CASE(decode_as_the_reference_does) {
  for (const Row& row : kRows) {
    BOOST_TEST_CONTEXT(row.decoder) {
      BOOST_TEST(with_decoder(row.decoder).decode(row.ids).value() == row.text);
      (void)with_decoder(row.decoder).decode({}).value();
    }
  }
}

// Expected values: PyPI tokenizers 0.23.3, DecodeStream; "|" is a step that gave nothing.
BOOST_AUTO_TEST_CASE(give_text_out_as_soon_as_it_is_certain) {
  struct Stream {
    std::string decoder;
    std::vector<TokenId> ids;
    std::vector<std::string> steps;
  };

  const Stream streams[] = {
      {R"({"type":"ByteLevel"})", {1, 15, 17, 17, 1}, {"he", " w", "|", "|", "\uFFFD\uFFFDhe"}},
      {R"({"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]})",
       {1, 9, 10, 11, 2},
       {"he", "|", "|", "中", "llo"}},
      {R"({"type":"WordPiece","prefix":"##","cleanup":true})",
       {1, 3, 2, 12},
       {"he", "x", " llo", "."}},
      {R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true})",
       {7, 8, 7, 1},
       {"a", "b ", " a", "he"}}};
  for (const Stream& stream : streams) {
    const Tokenizer tokenizer = with_decoder(stream.decoder);
    DecodeStream decoding(tokenizer);
    std::vector<std::string> steps;
    for (const TokenId id : stream.ids)
      steps.push_back(decoding.step(id).value().value_or("|"));
    BOOST_TEST(steps == stream.steps, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(strip_a_token_of_nothing_else_to_nothing) {
  const Tokenizer tokenizer = with_decoder(R"({"type":"Strip","content":"h","start":2,"stop":2})");
  BOOST_TEST(tokenizer.decode(std::vector<TokenId>{14}).value().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
