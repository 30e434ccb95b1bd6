// SPDX-License-Identifier: Apache-2.0
//
// Whole tokenizers: added tokens, offsets, templates, pairs, decoding, and the ids-only path
// against the full one.
#include "small_tokenizer.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <thread>
#include <vector>

namespace hfauth::tokenizer {

namespace {

using Strings = std::vector<std::string>;
using Ranges = std::vector<CodePointRange>;
using Ids = std::vector<TokenId>;
using testing::added_token;
using testing::SmallTokenizer;

constexpr std::string_view kTemplate = R"({"type":"TemplateProcessing",
  "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
  "pair":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
          {"SpecialToken":{"id":"</s>","type_id":1}},{"Sequence":{"id":"B","type_id":1}}],
  "special_tokens":{"<s>":{"id":"<s>","ids":[900],"tokens":["<s>"]},"</s>":{"id":"</s>","ids":[901],"tokens":["</s>"]}}})";

SmallTokenizer with_added(const std::vector<std::string>& tokens) {
  SmallTokenizer small;
  small.added_tokens = "[";
  for (const std::string& token : tokens)
    small.added_tokens += (small.added_tokens == "[" ? "" : ",") + token;
  small.added_tokens += "]";
  return small;
}

Strings tokens_of(const SmallTokenizer& small, std::string_view text) {
  return small.load().encode(text).value().tokens;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(encode)

BOOST_AUTO_TEST_CASE(gives_tokens_offsets_and_word_ids) {
  const Encoding encoding = SmallTokenizer().load().encode("hello world!").value();
  BOOST_TEST(encoding.tokens == (Strings{"hello", "Ġworld", "!"}),
             boost::test_tools::per_element());
  BOOST_TEST(encoding.offsets == (Ranges{{0, 5}, {5, 11}, {11, 12}}),
             boost::test_tools::per_element());
  BOOST_TEST((encoding.word_ids == std::vector<std::optional<std::uint32_t>>{0, 1, 2}));
  BOOST_TEST((encoding.sequence_ids == std::vector<std::optional<std::uint32_t>>{0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(gives_the_whole_character_for_a_token_that_covers_part_of_it) {
  const Encoding encoding = SmallTokenizer().load().encode("é😀").value();
  BOOST_TEST(encoding.size() == 6U);
  BOOST_TEST(encoding.offsets == (Ranges{{0, 1}, {0, 1}, {1, 2}, {1, 2}, {1, 2}, {1, 2}}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(has_no_tokens_for_an_empty_text) {
  BOOST_TEST(SmallTokenizer().load().encode("").value().size() == 0U);
  BOOST_TEST(SmallTokenizer().load().pre_tokenize("").value().empty());
}

BOOST_AUTO_TEST_CASE(names_the_offset_of_bytes_that_are_not_utf8) {
  const auto tokenizer = SmallTokenizer().load();
  std::vector<TokenId> ids = {5};
  const std::pair<std::string, std::string> cases[] = {{"ab\xFF", "offset 2"},
                                                       {"\xC3", "offset 0"},
                                                       {"a\xED\xA0\x80", "offset 1"},
                                                       {"\xF5xyz", "offset 0"}};
  for (const auto& [text, part] : cases) {
    const auto encoding = tokenizer.encode(text);
    BOOST_REQUIRE(encoding.has_error());
    BOOST_TEST(encoding.error().code == Errc::invalid_input);
    BOOST_TEST(encoding.error().detail.find(part) != std::string::npos, encoding.error().detail);
    BOOST_TEST(tokenizer.encode_ids(text, ids).has_error());
  }
  BOOST_TEST(ids == Ids{5}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_added_tokens_behind_the_model_whatever_the_file_says) {
  const auto tokenizer = with_added({added_token("<x>"), added_token("hello"), added_token("<y>"),
                                     added_token(""), added_token("<x>")})
                             .load();
  const auto size = static_cast<TokenId>(tokenizer.vocab_size(false));
  BOOST_TEST(tokenizer.token_to_id("<x>").value() == size);
  BOOST_TEST(tokenizer.token_to_id("<y>").value() == size + 1);
  BOOST_TEST(tokenizer.token_to_id("hello").value() < size);
  BOOST_TEST(tokenizer.vocab_size() == size + 2);
  BOOST_TEST(tokenizer.id_to_token(size + 1).value() == "<y>");
}

BOOST_AUTO_TEST_CASE(finds_the_leftmost_longest_added_token) {
  const SmallTokenizer small =
      with_added({added_token("<a>"), added_token("<a><b>"), added_token("b><c")});
  BOOST_TEST(tokens_of(small, "x<a><b><c>") == (Strings{"x", "<a><b>", "<", "c", ">"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_white_space_into_stripping_tokens) {
  const auto tokenizer =
      with_added({added_token("<l>", {"lstrip"}), added_token("<r>", {"rstrip"})}).load();
  const Encoding encoding = tokenizer.encode("a \n<l> <r>\u3000b").value();
  BOOST_TEST(encoding.tokens == (Strings{"a", " \n<l>", "Ġ", "<r>\u3000", "b"}),
             boost::test_tools::per_element());
  BOOST_TEST(encoding.offsets == (Ranges{{0, 1}, {1, 6}, {6, 7}, {7, 11}, {11, 12}}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(lets_a_token_of_white_space_overlap_a_stripping_one) {
  const auto tokenizer = with_added({added_token("<r>", {"rstrip"}), added_token("  <q>")}).load();
  const Encoding encoding = tokenizer.encode("<r>   <q>").value();
  BOOST_TEST(encoding.offsets == (Ranges{{0, 6}, {4, 9}}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(rejects_single_words_inside_of_words_and_goes_on_behind_them) {
  const SmallTokenizer small =
      with_added({added_token("hello", {"single_word"}), added_token("lo"), added_token("hell")});
  BOOST_TEST(tokens_of(small, "hello!") == (Strings{"hello", "!"}),
             boost::test_tools::per_element());
  // The rejected match is consumed: neither "hell" nor "lo" is found in it, the model has it.
  BOOST_TEST(tokens_of(small, "hellox") == (Strings{"hello", "x"}),
             boost::test_tools::per_element());
  BOOST_TEST(small.load().encode("hellox").value().offsets == (Ranges{{0, 5}, {5, 6}}),
             boost::test_tools::per_element());
  BOOST_TEST(tokens_of(small, "éhello") == (Strings{"Ã", "©", "hello"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(looks_for_normalized_tokens_in_what_the_others_leave) {
  const SmallTokenizer small =
      with_added({added_token("a<x>", {"normalized"}), added_token("<x>")});
  BOOST_TEST(tokens_of(small, "a<x>") == (Strings{"a", "<x>"}), boost::test_tools::per_element());
  const SmallTokenizer other =
      with_added({added_token("a<x>"), added_token("<x>", {"normalized"})});
  BOOST_TEST(tokens_of(other, "a<x><x>") == (Strings{"a<x>", "<x>"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(puts_a_space_in_front_if_told_to_and_takes_it_off_the_offsets) {
  SmallTokenizer small;
  small.pre_tokenizer = R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true})";
  const Encoding plain = small.load().encode("world world").value();
  BOOST_TEST(plain.tokens == (Strings{"Ġworld", "Ġworld"}), boost::test_tools::per_element());
  BOOST_TEST(plain.offsets == (Ranges{{0, 5}, {5, 11}}), boost::test_tools::per_element());
  small.post_processor = R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true})";
  BOOST_TEST(small.load().encode("world world").value().offsets == (Ranges{{0, 5}, {6, 11}}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(follows_the_template_for_texts_and_pairs) {
  SmallTokenizer small;
  small.post_processor = kTemplate;
  const auto tokenizer = small.load();
  const Encoding single = tokenizer.encode("hello").value();
  BOOST_TEST(single.tokens == (Strings{"<s>", "hello"}), boost::test_tools::per_element());
  BOOST_TEST((single.special_tokens_mask == std::vector<std::uint8_t>{1, 0}));
  BOOST_TEST(!single.word_ids[0].has_value());
  const Encoding pair = tokenizer.encode_pair("hello", "a b").value();
  BOOST_TEST(pair.ids[0] == 900U);
  BOOST_TEST(pair.tokens == (Strings{"<s>", "hello", "</s>", "a", "Ġ", "b"}),
             boost::test_tools::per_element());
  BOOST_TEST((pair.type_ids == std::vector<std::uint32_t>{0, 0, 1, 1, 1, 1}));
  BOOST_TEST((pair.sequence_ids == std::vector<std::optional<std::uint32_t>>{{}, 0, {}, 1, 1, 1}));
  BOOST_TEST(pair.offsets[3] == (CodePointRange{0, 1}));
  const Encoding bare = tokenizer.encode_pair("hello", "a", {.add_special_tokens = false}).value();
  BOOST_TEST(bare.tokens == (Strings{"hello", "a"}), boost::test_tools::per_element());
  BOOST_TEST((bare.type_ids == std::vector<std::uint32_t>{0, 1}));
}

BOOST_AUTO_TEST_CASE(decodes_bytes_and_leaves_out_special_tokens_on_request) {
  const auto tokenizer = with_added({added_token("<한>", {"special"}), added_token("<é>")}).load();
  const std::string text = "hello<한> wörld 😀";
  const Ids ids = tokenizer.encode(text).value().ids;
  BOOST_TEST(tokenizer.decode(ids).value() == text);
  BOOST_TEST(tokenizer.decode(ids, true).value() == "hello wörld 😀");
  // An added token of characters that happen to be in the byte-level alphabet is taken for bytes.
  BOOST_TEST(tokenizer.decode(tokenizer.encode("<é>").value().ids).value() == "<\uFFFD>");
  BOOST_TEST(tokenizer.decode(Ids{tokenizer.token_to_id("Ã").value(), 4000000}).value() ==
             "\uFFFD");
}

BOOST_AUTO_TEST_CASE(joins_by_spaces_without_a_decoder) {
  SmallTokenizer small;
  small.decoder = "null";
  const auto tokenizer = small.load();
  BOOST_TEST(tokenizer.decode(tokenizer.encode("hello world").value().ids).value() ==
             "hello Ġworld");
}

BOOST_AUTO_TEST_CASE(gives_the_same_ids_on_the_fast_path_and_the_full_one) {
  std::mt19937 random(11);
  std::vector<SmallTokenizer> variants(
      4, with_added({added_token("<x>", {"lstrip"}), added_token("he", {"normalized"})}));
  variants[1].pre_tokenizer = R"({"type":"ByteLevel","add_prefix_space":true})";
  variants[1].post_processor = kTemplate;
  variants[2].pre_tokenizer = "null";
  variants[3].model_options = R"("ignore_merges":true)";
  const Strings words = {"hello", " world", "<x>", "é",  "😀", " ",
                         "\n",    "he",     "wor", "ld", "1", "a long run of words",
                         "'s"};
  for (const SmallTokenizer& small : variants) {
    const auto tokenizer = small.load();
    EncodeScratch scratch;
    for (int i = 0; i < 400; ++i) {
      std::string text;
      for (std::size_t n = random() % 30; n > 0; --n)
        text += words[random() % words.size()];
      Ids ids = {1, 2};
      BOOST_REQUIRE(tokenizer.encode_ids(text, ids, scratch).has_value());
      ids.erase(ids.begin(), ids.begin() + 2);
      BOOST_REQUIRE_MESSAGE(ids == tokenizer.encode(text).value().ids, text);
    }
  }
}

BOOST_AUTO_TEST_CASE(does_not_mix_up_tokenizers_that_share_a_scratch) {
  SmallTokenizer other;
  other.merges = {{"w", "o"}};
  const auto first = SmallTokenizer().load();
  const auto second = other.load();
  EncodeScratch scratch;
  for (int i = 0; i < 3; ++i) {
    for (const auto* tokenizer : {&first, &second}) {
      Ids ids;
      BOOST_REQUIRE(tokenizer->encode_ids("hello world", ids, scratch).has_value());
      BOOST_TEST(ids == tokenizer->encode("hello world").value().ids,
                 boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(may_be_used_by_several_threads_at_once) {
  SmallTokenizer small;
  small.pre_tokenizer =
      R"({"type":"Split","pattern":{"Regex":"\\p{L}+| "},"behavior":"Isolated","invert":false})";
  const auto tokenizer = small.load();
  const Ids expected = tokenizer.encode("hello hello").value().ids;
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i)
        count += tokenizer.encode("hello hello").value().ids == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  BOOST_TEST(wrong == std::vector<int>(4, 0), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
