// SPDX-License-Identifier: Apache-2.0
//
// The JSON reader refuses what two programs could read in two ways; the writer's texts are read
// back as they were.
#include "hfauth/agent/json_reader.hpp"
#include "hfauth/agent/json_writer.hpp"
#include "samples.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace data = boost::unit_test::data;
using hfauth::agent::GuardedBuffer;
using hfauth::agent::JsonDocument;
using hfauth::agent::JsonKind;
using hfauth::agent::JsonWriter;

namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string members(int count) {
  std::string text = "{";
  for (int i = 0; i < count; ++i)
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  return text + "}";
}

const std::vector<std::string> malformed_texts{"",
                                               "{",
                                               "[1,]",
                                               "{\"a\":1,}",
                                               "{a:1}",
                                               "{\"a\" 1}",
                                               "[1 2]",
                                               "nul",
                                               "truee",
                                               "01",
                                               "-",
                                               "-01",
                                               "1.",
                                               ".5",
                                               "1e",
                                               "+1",
                                               "\"",
                                               "\"\\x\"",
                                               "\"\\u12\"",
                                               "\"\\ud800\"",
                                               "\"\\udc00\"",
                                               "\"\\ud800\\u0041\"",
                                               "\"\\u0000\"",
                                               "\"a\nb\"",
                                               "{} {}",
                                               "{\"a\":1}x",
                                               "{\"a\":1,\"a\":2}",
                                               "{\"a\":1,\"\\u0061\":2}",
                                               "\"\xff\"",
                                               "\"\xc0\xaf\"",
                                               "\"\xed\xa0\x80\"",
                                               "\xef\xbb\xbf{}",
                                               "'a'",
                                               "NaN",
                                               "[\"\\",
                                               "{\"a\":}",
                                               "//\n{}",
                                               nested(9),
                                               members(65)};

const std::vector<std::string> well_formed_texts{"{}",
                                                 " [ ] ",
                                                 "null",
                                                 "-0",
                                                 "0.5e+3",
                                                 "\"\\ud83d\\ude00\"",
                                                 "{\"a\":{\"a\":1}}",
                                                 nested(8),
                                                 members(64),
                                                 "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""};

}  // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_DATA_TEST_CASE(refuses_what_is_not_strict_json, data::make(malformed_texts), text) {
  const auto document = JsonDocument::parse(text, 8);
  BOOST_REQUIRE(!document);
  BOOST_TEST(document.error().code == hfauth::Errc::invalid_input);
}

BOOST_DATA_TEST_CASE(accepts_strict_json, data::make(well_formed_texts), text) {
  const auto document = JsonDocument::parse(text, 8);
  BOOST_TEST(document.has_value(), (document ? "" : document.error().detail));
}

BOOST_AUTO_TEST_CASE(errors_name_the_place_and_not_the_content) {
  const auto document = JsonDocument::parse(R"({"token":"hf_secret" "x"})", 8);
  BOOST_REQUIRE(!document);
  BOOST_TEST(document.error().detail ==
             "malformed JSON at byte 21: neither , nor } behind a member");
}

BOOST_AUTO_TEST_CASE(reads_each_kind_of_value) {
  const std::string text =
      R"({"s":"a\u00e9\ud83d\ude00","i":-12,"f":1.5,"big":99999999999999999999,"t":true,"n":null,"l":[1,"2"]})";
  const auto document = JsonDocument::parse(text, 8).value();
  const auto root = document.root();
  BOOST_TEST(root.member("s")->text().value() == "a\u00e9\U0001F600");
  BOOST_TEST(root.member("s")->secret().value().expose() == "a\u00e9\U0001F600");
  BOOST_TEST(root.member("i")->integer().value() == -12);
  BOOST_TEST(!root.member("f")->integer().has_value());
  BOOST_TEST(!root.member("big")->integer().has_value());
  BOOST_TEST(root.member("t")->boolean().value());
  BOOST_TEST(root.member("n")->is(JsonKind::null));
  BOOST_TEST(!root.member("missing").has_value());
  const auto list = root.member("l")->children();
  BOOST_REQUIRE(list.size() == 2U);
  BOOST_TEST(list[0].integer().value() == 1);
  BOOST_TEST(list[1].text().value() == "2");
  BOOST_TEST(root.children()[1].key() == "i");
}

BOOST_AUTO_TEST_CASE(finds_a_member_whose_name_is_written_with_escapes) {
  const auto document = JsonDocument::parse(R"({"\u006dethod":"x"})", 8).value();
  BOOST_REQUIRE(document.root().member("method").has_value());
  BOOST_TEST(document.root().member("method")->text().value() == "x");
}

BOOST_AUTO_TEST_CASE(every_character_that_is_written_is_read_back) {
  std::string all;
  for (char c = 1; c > 0 && c < 127; ++c)
    all.push_back(c);
  all += "\u007f\u00e9\uffff\U0010FFFF";
  GuardedBuffer out;
  JsonWriter(out).string(all);
  const auto document = JsonDocument::parse(out.view(), 1);
  BOOST_REQUIRE(document.has_value());
  BOOST_TEST(document->root().text().value() == all);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_written_as_valid_json) {
  GuardedBuffer out;
  JsonWriter(out).string("a\xff");
  BOOST_TEST(out.view() == "\"a\ufffd\"");
}

BOOST_AUTO_TEST_SUITE_END()
