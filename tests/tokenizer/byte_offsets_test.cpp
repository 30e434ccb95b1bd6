// SPDX-License-Identifier: Apache-2.0
//
// Offsets in bytes beside those in code points: the same characters, in both texts of a pair, in
// overflowing parts and behind trimming.
#include "small_tokenizer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace hfauth::tokenizer {

namespace {

/// The code points of `text` that `range` says, as bytes.
std::string_view by_code_points(std::string_view text, CodePointRange range) {
  std::size_t begin = text.size();
  std::size_t end = text.size();
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continue;
    if (count == range.begin) begin = at;
    if (count == range.end) end = at;
    ++count;
  }
  return text.substr(begin, end - begin);
}

void expect_same(const Encoding& encoding, std::string_view text, std::string_view pair) {
  BOOST_REQUIRE(encoding.byte_offsets.size() == encoding.size());
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const std::string_view source = encoding.type_ids[i] == 0 ? text : pair;
    const TextByteRange range = encoding.byte_offsets[i];
    BOOST_TEST(source.substr(range.begin, range.end - range.begin) ==
               by_code_points(source, encoding.offsets[i]));
  }
  for (const Encoding& part : encoding.overflowing)
    expect_same(part, text, pair);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(byte_offsets)

constexpr std::string_view kText = "h\u00E9llo w\u00F6rld \uD55C\uAD6D\uC5B4 \U0001F642 end";
constexpr std::string_view kPair = "\u00E9\u00E9 hello";

BOOST_AUTO_TEST_CASE(are_there_only_if_they_are_asked_for) {
  const Tokenizer tokenizer = testing::SmallTokenizer().load();
  BOOST_TEST(tokenizer.encode(kText)->byte_offsets.empty());
  BOOST_TEST(!tokenizer.encode(kText, {.byte_offsets = true})->byte_offsets.empty());
}

BOOST_AUTO_TEST_CASE(cover_the_same_characters_as_the_offsets) {
  testing::SmallTokenizer small;
  for (const char* post : {"null", R"({"type":"ByteLevel","trim_offsets":true})"}) {
    small.post_processor = post;
    const Tokenizer tokenizer = small.load();
    const auto encoding = tokenizer.encode_pair(kText, kPair, {.byte_offsets = true});
    BOOST_REQUIRE(encoding);
    expect_same(*encoding, kText, kPair);
  }
}

BOOST_AUTO_TEST_CASE(follow_into_overflowing_parts_and_batches) {
  testing::SmallTokenizer small;
  small.top_options = R"("version":"1.0","padding":null,"truncation":{"direction":"Right",)"
                      R"("max_length":6,"strategy":"LongestFirst","stride":1})";
  const Tokenizer tokenizer = small.load();
  const auto encoding = tokenizer.encode_pair(kText, kPair, {.byte_offsets = true});
  BOOST_REQUIRE(encoding);
  expect_same(*encoding, kText, kPair);
  const std::string_view texts[] = {kPair, kText};
  const auto batch = tokenizer.encode_batch(texts, {.byte_offsets = true});
  BOOST_REQUIRE(batch);
  expect_same((*batch)[1], kText, "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
