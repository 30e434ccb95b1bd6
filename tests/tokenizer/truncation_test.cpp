// SPDX-License-Identifier: Apache-2.0
//
// Truncation, padding, and the rows of Bert and Roberta around texts and pairs. Expected values:
// PyPI tokenizers 0.23.3. A token is written as text:type, * if it is special, - if it gets no
// attention, and A or B for the text that it is of.
#include "small_tokenizer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::tokenizer {

namespace {

constexpr const char* kBert = R"({"type":"BertProcessing","sep":["[S]",1],"cls":["[C]",2]})";
constexpr const char* kRoberta =
    R"({"type":"RobertaProcessing","sep":["[S]",1],"cls":["[C]",2],"trim_offsets":true,"add_prefix_space":false})";

struct Row {
  std::string truncation;
  std::string padding;
  std::string post_processor;
  std::string text;
  std::optional<std::string> pair;
  std::string tokens;
  std::vector<std::string> overflowing;
};

const Row kRows[] = {
    {R"({"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0})",
     R"(null)",
     kBert,
     "a b c d",
     std::nullopt,
     "[C]:0* a:0A b:0A [S]:0*",
     {"[C]:0* c:0A d:0A [S]:0*"}},
    {R"({"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 1})",
     R"(null)",
     kBert,
     "a b c d",
     std::nullopt,
     "[C]:0* a:0A b:0A [S]:0*",
     {"[C]:0* b:0A c:0A [S]:0*", "[C]:0* c:0A d:0A [S]:0*"}},
    {R"({"direction": "Left", "max_length": 4, "strategy": "LongestFirst", "stride": 1})",
     R"(null)",
     kBert,
     "a b c d",
     std::nullopt,
     "[C]:0* c:0A d:0A [S]:0*",
     {"[C]:0* b:0A c:0A [S]:0*", "[C]:0* a:0A b:0A [S]:0*"}},
    {R"({"direction": "Right", "max_length": 7, "strategy": "LongestFirst", "stride": 0})",
     R"(null)",
     kBert,
     "a b c d",
     "e f g h",
     "[C]:0* a:0A b:0A [S]:0* e:1B f:1B [S]:1*",
     {"[C]:0* c:0A d:0A [S]:0* e:1B f:1B [S]:1*", "[C]:0* c:0A d:0A [S]:0* g:1B h:1B [S]:1*",
      "[C]:0* a:0A b:0A [S]:0* g:1B h:1B [S]:1*"}},
    {R"({"direction": "Right", "max_length": 7, "strategy": "OnlySecond", "stride": 1})",
     R"(null)",
     kBert,
     "a b",
     "c d e f",
     "[C]:0* a:0A b:0A [S]:0* c:1B d:1B [S]:1*",
     {"[C]:0* a:0A b:0A [S]:0* d:1B e:1B [S]:1*", "[C]:0* a:0A b:0A [S]:0* e:1B f:1B [S]:1*"}},
    {R"({"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0})",
     R"(null)",
     kBert,
     "a b",
     std::nullopt,
     "[C]:0* [S]:0*",
     {"[C]:0* a:0A b:0A [S]:0*"}},
    {R"({"direction": "Right", "max_length": 6, "strategy": "OnlyFirst", "stride": 0})",
     R"(null)",
     "null",
     "a b c d e f",
     "g h",
     "a:0A b:0A c:0A d:0A g:1B h:1B",
     {"e:0A f:0A g:1A h:1A"}},
    {R"(null)",
     R"({"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": 4, "pad_id": 9, "pad_type_id": 7, "pad_token": "[P]"})",
     kBert,
     "a b c",
     std::nullopt,
     "[C]:0* a:0A b:0A c:0A [S]:0* [P]:7*- [P]:7*- [P]:7*-",
     {}},
    {R"(null)",
     R"({"strategy": {"Fixed": 6}, "direction": "Left", "pad_to_multiple_of": null, "pad_id": 9, "pad_type_id": 7, "pad_token": "[P]"})",
     kBert,
     "a",
     "b",
     "[P]:7*- [C]:0* a:0A [S]:0* b:1B [S]:1*",
     {}},
    {R"({"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0})",
     R"({"strategy": {"Fixed": 5}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 9, "pad_type_id": 7, "pad_token": "[P]"})",
     kRoberta,
     "a b c",
     std::nullopt,
     "[C]:0* a:0A b:0A [S]:0* [P]:7*-",
     {"[C]:0* c:0A [S]:0* [P]:7*- [P]:7*-"}},
    {R"({"direction": "Right", "max_length": 6, "strategy": "LongestFirst", "stride": 0})",
     R"(null)",
     kRoberta,
     "a b c",
     "d e",
     "[C]:0* a:0A [S]:0* [S]:0* d:0B [S]:0*",
     {"[C]:0* b:0A [S]:0* [S]:0* d:0B [S]:0*", "[C]:0* b:0A [S]:0* [S]:0* e:0B [S]:0*",
      "[C]:0* c:0A [S]:0* [S]:0* d:0B [S]:0*", "[C]:0* c:0A [S]:0* [S]:0* e:0B [S]:0*",
      "[C]:0* a:0A [S]:0* [S]:0* e:0B [S]:0*"}},
};

Tokenizer load(const std::string& truncation, const std::string& padding,
               const std::string& post_processor) {
  auto loaded = Tokenizer::from_json(fmt::format(
      R"({{"truncation":{},"padding":{},"post_processor":{},"pre_tokenizer":{{"type":"WhitespaceSplit"}},)"
      R"("model":{{"type":"WordLevel","unk_token":"?","vocab":{{"?":0,"[S]":1,"[C]":2,"a":3,"b":4,"c":5,"d":6,"e":7,"f":8,"g":9,"h":10}}}}}})",
      truncation, padding, post_processor));
  if (!loaded) BOOST_FAIL(loaded.error().detail);
  return std::move(*loaded);
}

std::string shown(const Encoding& encoding) {
  std::string out;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const std::optional<std::uint32_t> sequence = encoding.sequence_ids[i];
    out += fmt::format("{}{}:{}{}{}{}", i == 0 ? "" : " ", encoding.tokens[i], encoding.type_ids[i],
                       encoding.special_tokens_mask[i] == 1 ? "*" : "",
                       encoding.attention_mask[i] == 1 ? "" : "-",
                       !sequence        ? ""
                       : *sequence == 0 ? "A"
                                        : "B");
  }
  return out;
}

std::vector<std::string> shown(const std::vector<Encoding>& encodings) {
  std::vector<std::string> out;
  for (const Encoding& encoding : encodings)
    out.push_back(shown(encoding));
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(truncation_and_padding)

BOOST_AUTO_TEST_CASE(make_the_encodings_of_the_reference) {
  for (const Row& row : kRows) {
    const Tokenizer tokenizer = load(row.truncation, row.padding, row.post_processor);
    const Encoding encoding =
        (row.pair ? tokenizer.encode_pair(row.text, *row.pair) : tokenizer.encode(row.text))
            .value();
    BOOST_TEST_CONTEXT(row.truncation << " " << row.padding << " " << row.post_processor) {
      BOOST_TEST(shown(encoding) == row.tokens);
      BOOST_TEST(shown(encoding.overflowing) == row.overflowing, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(give_the_same_ids_without_the_rest) {
  for (const Row& row : kRows) {
    if (row.pair) continue;
    const Tokenizer tokenizer = load(row.truncation, row.padding, row.post_processor);
    std::vector<TokenId> ids;
    BOOST_REQUIRE(tokenizer.encode_ids(row.text, ids).has_value());
    BOOST_TEST(ids == tokenizer.encode(row.text).value().ids, boost::test_tools::per_element());
  }
}

// As the Node binding of 0.23.2 does; the Python package of 0.23.3 goes on to the end of the text.
BOOST_AUTO_TEST_CASE(stop_when_there_are_tokens_enough) {
  const auto shown_overflow = [](const char* truncation) {
    const Encoding encoding = load(truncation, "null", kBert).encode("a b c d e f").value();
    return fmt::format("{} | {}", shown(encoding), fmt::join(shown(encoding.overflowing), " | "));
  };
  BOOST_TEST(shown_overflow(R"({"max_length":4,"stride":0,"strategy":"LongestFirst"})") ==
             "[C]:0* a:0A b:0A [S]:0* | [C]:0* c:0A d:0A [S]:0*");
  BOOST_TEST(shown_overflow(
                 R"({"max_length":4,"stride":0,"strategy":"LongestFirst","direction":"Left"})") ==
             "[C]:0* e:0A f:0A [S]:0* | [C]:0* c:0A d:0A [S]:0*");
}

BOOST_AUTO_TEST_CASE(pad_a_batch_to_its_longest_text) {
  const Tokenizer tokenizer = load(
      "null",
      R"({"strategy":"BatchLongest","direction":"Right","pad_to_multiple_of":null,"pad_id":9,"pad_type_id":0,"pad_token":"[P]"})",
      "null");
  const std::array<std::string_view, 2> texts = {"a", "a b c"};
  const auto batch = tokenizer.encode_batch(texts).value();
  BOOST_TEST(shown(batch) == (std::vector<std::string>{"a:0A [P]:0*- [P]:0*-", "a:0A b:0A c:0A"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(name_what_cannot_be_truncated) {
  const auto first = load(R"({"max_length":4,"stride":0,"strategy":"OnlyFirst"})", "null", kBert);
  BOOST_TEST(first.encode_pair("a", "b c d").error().code == Errc::invalid_input);
  const auto second = load(R"({"max_length":3,"stride":0,"strategy":"OnlySecond"})", "null", kBert);
  BOOST_TEST(second.encode("a b c d").error().code == Errc::invalid_input);
  const auto strides =
      load(R"({"max_length":4,"stride":2,"strategy":"LongestFirst"})", "null", kBert);
  BOOST_TEST(strides.encode("a b c d").error().code == Errc::invalid_input);
}

BOOST_AUTO_TEST_CASE(refuse_lengths_that_no_model_has) {
  for (
      const char* padding :
      {R"({"strategy":{"Fixed":99999999999},"direction":"Right","pad_id":0,"pad_type_id":0,"pad_token":""})",
       R"({"strategy":"Longest","direction":"Right","pad_id":0,"pad_type_id":0,"pad_token":""})",
       R"({"strategy":"BatchLongest","direction":"Up","pad_id":0,"pad_type_id":0,"pad_token":""})"}) {
    const auto loaded = Tokenizer::from_json(
        fmt::format(R"({{"padding":{},"model":{{"vocab":{{}},"merges":[]}}}})", padding));
    BOOST_REQUIRE(loaded.has_error());
    BOOST_TEST(loaded.error().code == Errc::corrupt);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
