// SPDX-License-Identifier: Apache-2.0
//
// Faulty and foreign tokenizer files: each is an error that names what is wrong, and none is a
// crash.
#include "small_tokenizer.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace hfauth::tokenizer {

namespace {

using testing::SmallTokenizer;

void check_fault(const std::string& json, Errc code, std::string_view part) {
  const auto loaded = Tokenizer::from_json(json);
  BOOST_REQUIRE_MESSAGE(loaded.has_error(), "loaded, but should name: " << part);
  BOOST_TEST(loaded.error().code == code, loaded.error().detail);
  BOOST_TEST(loaded.error().detail.find(part) != std::string::npos,
             loaded.error().detail << " lacks " << part);
  BOOST_TEST(loaded.error().detail.find('\n') == std::string::npos);
}

std::string with_model(std::string_view model) {
  return R"({"model":)" + std::string(model) + "}";
}

std::string with(std::string SmallTokenizer::*part, std::string_view value) {
  SmallTokenizer small;
  small.*part = value;
  return small.json();
}

std::string bpe(std::string_view vocab, std::string_view merges) {
  return with_model(R"({"type":"BPE","vocab":)" + std::string(vocab) + R"(,"merges":)" +
                    std::string(merges) + "}");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loader)

BOOST_AUTO_TEST_CASE(names_components_that_it_does_not_know) {
  const Errc code = Errc::unsupported;
  check_fault(with(&SmallTokenizer::normalizer, R"({"type":"NFX"})"), code,
              "not supported yet: normalizer NFX, at normalizer");
  check_fault(
      with(&SmallTokenizer::normalizer, R"({"type":"Sequence","normalizers":[{"type":"NFX"}]})"),
      code, "NFX, at normalizer.normalizers[0]");
  check_fault(with(&SmallTokenizer::normalizer, "{}"), code, "a normalizer without a type");
  check_fault(with(&SmallTokenizer::pre_tokenizer, R"({"type":"Metro"})"), code,
              "pre-tokenizer Metro");
  check_fault(with(&SmallTokenizer::post_processor, R"({"type":"Berth"})"), code,
              "post-processor Berth");
  check_fault(with(&SmallTokenizer::decoder, R"({"type":"WordPieces"})"), code,
              "decoder WordPieces");
  check_fault(with_model(R"({"type":"Bigram","vocab":[]})"), code, "model Bigram");
}

BOOST_AUTO_TEST_CASE(names_fields_that_are_wrong_or_missing) {
  const Errc code = Errc::corrupt;
  check_fault(with(&SmallTokenizer::normalizer, R"({"type":"Strip","strip_left":true})"), code,
              "normalizer: \"strip_right\" is missing");
  check_fault(with(&SmallTokenizer::pre_tokenizer, R"({"type":"Metaspace","replacement":"ab"})"),
              code, "pre_tokenizer.replacement: \"ab\" is not one character");
  check_fault(with(&SmallTokenizer::pre_tokenizer, R"({"type":"FixedLength","length":0})"), code,
              "length 0");
  check_fault(with(&SmallTokenizer::post_processor, R"({"sep":["a"],"cls":["b",1]})"), code,
              "post_processor.sep");
  check_fault(with(&SmallTokenizer::decoder, R"({"type":"BPEDecoder","suffix":""})"), code,
              "\"suffix\" is empty");
  check_fault(with(&SmallTokenizer::top_options, R"("truncation":{"max_length":5})"), code,
              "truncation: \"stride\" is missing");
  check_fault(with(&SmallTokenizer::model_options, R"("dropout":1.5)"), code, "model.dropout");
  check_fault(with_model(R"({"type":"Unigram","vocab":[["a","b"]]})"), code, "model.vocab[0]");
  check_fault(with_model(R"({"type":"Unigram","vocab":[["a",-1]],"unk_id":1})"), code,
              "model.unk_id");
  check_fault(
      with_model(R"({"vocab":{"a":0,"b":1},"merges":["a b"],"continuing_subword_prefix":"##"})"),
      code, "shorter than the prefix");
}

BOOST_AUTO_TEST_CASE(accepts_options_that_change_nothing) {
  BOOST_TEST(Tokenizer::from_json(
                 with(&SmallTokenizer::normalizer, R"({"type":"Sequence","normalizers":[]})"))
                 .has_value());
  BOOST_TEST(Tokenizer::from_json(
                 with(&SmallTokenizer::model_options, R"("dropout":0.0,"end_of_word_suffix":"")"))
                 .has_value());
  BOOST_TEST(Tokenizer::from_json(with(&SmallTokenizer::top_options, R"("unheard_of":[1,{}])"))
                 .has_value());
}

BOOST_AUTO_TEST_CASE(recognises_a_model_without_a_type_by_its_keys) {
  const auto loaded =
      Tokenizer::from_json(R"({"model":{"vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"]]}})");
  BOOST_REQUIRE(loaded.has_value());
  BOOST_TEST(loaded->encode("ab").value().ids == std::vector<TokenId>{2},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reads_merges_with_spaces_in_pairs_and_passes_over_a_version_line) {
  const auto pairs = Tokenizer::from_json(bpe(R"({"a":0," ":1,"a ":2})", R"([["a"," "]])"));
  BOOST_REQUIRE(pairs.has_value());
  BOOST_TEST(pairs->encode("a ").value().ids == std::vector<TokenId>{2},
             boost::test_tools::per_element());
  BOOST_TEST(Tokenizer::from_json(bpe(R"({"a":0,"b":1,"ab":2})", R"(["#version: 0.2","a b"])"))
                 .has_value());
}

BOOST_AUTO_TEST_CASE(finds_what_a_merge_makes_whatever_the_order_of_the_list_and_the_ids) {
  const auto loaded =
      Tokenizer::from_json(bpe(R"({"a":4,"b":9,"c":0,"ab":2,"bc":7,"abc":1,"aa":5,"aab":6})",
                               R"(["b c","a b","ab c","a bc","a a","a ab","aa b"])"));
  BOOST_REQUIRE(loaded.has_value());
  const std::pair<std::string_view, std::vector<TokenId>> expected[] = {
      {"abc", {1}}, {"ab", {2}}, {"aab", {6}}, {"bcab", {7, 2}}, {"aa", {5}}};
  for (const auto& [text, ids] : expected)
    BOOST_TEST(loaded->encode(text).value().ids == ids, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(says_where_a_model_is_at_fault) {
  const Errc code = Errc::corrupt;
  check_fault(bpe(R"({"a":0,"b":1})", R"(["a b"])"), code,
              R"(model.merges[0]: the vocabulary lacks "ab")");
  check_fault(bpe(R"({"a":0,"aa":1})", R"(["a a","a x"])"), code,
              R"(model.merges[1]: the vocabulary lacks "x")");
  check_fault(bpe(R"({"a":0})", R"(["aa"])"), code, "model.merges[0]");
  check_fault(bpe(R"({"a":0})", R"(["a a a"])"), code, "one space");
  check_fault(bpe(R"({"a":0})", R"([["a"]])"), code, "model.merges[0]");
  check_fault(bpe(R"({"a":0})", R"([7])"), code, "model.merges[0]");
  check_fault(bpe(R"({"a":0})", "{}"), code, "model.merges: expected an array");
  check_fault(bpe("[]", "[]"), code, "model.vocab: expected an object");
  check_fault(bpe(R"({"a":-1})", "[]"), code, R"(the id of "a")");
  check_fault(bpe(R"({"a":1.5})", "[]"), code, R"(the id of "a")");
  check_fault(bpe(R"({"a":99999999999999})", "[]"), code, R"(the id of "a")");
  check_fault(bpe("{\"\\n\\u0001b\":\"x\"}", "[]"), code, "\\x0a\\x01b");
  check_fault(with_model("[]"), code, "model: expected an object");
  check_fault(R"({"version":"1.0"})", code, "\"model\" is missing");
  check_fault(with_model(R"({"type":"BPE","merges":[]})"), code, "model: \"vocab\" is missing");
}

BOOST_AUTO_TEST_CASE(says_where_the_rest_is_at_fault) {
  const Errc code = Errc::corrupt;
  check_fault(with(&SmallTokenizer::added_tokens, R"([{"id":1,"content":5}])"), code,
              "added_tokens[0].content");
  check_fault(with(&SmallTokenizer::added_tokens, R"([{"id":1,"content":"x"}])"), code,
              "\"single_word\" is missing");
  check_fault(with(&SmallTokenizer::top_options, R"("version":"2.0")"), code, "version");
  check_fault(with(&SmallTokenizer::top_options, R"("version":"1.0","version":"1.0")"), code,
              "stands twice");
  check_fault(with(&SmallTokenizer::pre_tokenizer,
                   R"({"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated"})"),
              code, "pre_tokenizer.pattern: not a regular expression");
  check_fault(with(&SmallTokenizer::pre_tokenizer,
                   R"({"type":"Split","pattern":{"String":"("},"behavior":"Sideways"})"),
              code, "Sideways");
  check_fault(with(&SmallTokenizer::pre_tokenizer,
                   R"({"type":"Sequence","pretokenizers":[{"type":"ByteLevel","use_regex":1}]})"),
              code, "pre_tokenizer.pretokenizers[0].use_regex");
  check_fault(
      with(
          &SmallTokenizer::post_processor,
          R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}}],"pair":[],"special_tokens":{}})"),
      code, "post_processor.special_tokens: \"<s>\" is missing");
  check_fault(
      with(
          &SmallTokenizer::post_processor,
          R"({"type":"TemplateProcessing","single":[{"Sequence":{"id":"B","type_id":0}}],"pair":[],"special_tokens":{}})"),
      code, "sequence B");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_json) {
  check_fault("", Errc::corrupt, "not valid JSON");
  check_fault("[]", Errc::corrupt, "expected an object");
  check_fault("{\"model\":\xFF}", Errc::corrupt, "not valid JSON");
  check_fault(std::string(100000, '['), Errc::corrupt, "not valid JSON");
  std::string nested = R"({"type":"ByteLevel"})";
  for (int i = 0; i < 5000; ++i)
    nested = R"({"type":"Sequence","pretokenizers":[)" + nested + "]}";
  check_fault(with(&SmallTokenizer::pre_tokenizer, nested), Errc::corrupt, "not valid JSON");
}

BOOST_AUTO_TEST_CASE(never_loads_a_file_that_was_cut_short) {
  const std::string json = SmallTokenizer().json();
  for (std::size_t size = 0; size < json.size(); size += 1 + size / 50) {
    BOOST_TEST(Tokenizer::from_json(std::string_view(json).substr(0, size)).has_error(),
               "cut at " << size);
  }
}

BOOST_AUTO_TEST_CASE(survives_any_change_of_a_few_bytes) {
  SmallTokenizer small;
  small.added_tokens = "[" + testing::added_token("<x>", {"special"}) + "]";
  const std::string json = small.json();
  std::mt19937 random(3);
  std::size_t n_loaded = 0;
  constexpr std::string_view kBytes = "{}[]\",:0a9-\\ \x80";
  for (int i = 0; i < 3000; ++i) {
    std::string changed = json;
    for (std::size_t n = 1 + random() % 3; n > 0; --n)
      changed[random() % changed.size()] = kBytes[random() % kBytes.size()];
    if (const auto loaded = Tokenizer::from_json(changed)) {
      ++n_loaded;
      (void)loaded->encode("hello <x> world");
    }
  }
  BOOST_TEST(n_loaded > 0U);
  BOOST_TEST(n_loaded < 3000U);
}

BOOST_AUTO_TEST_CASE(names_the_file_that_cannot_be_read) {
  const auto absent = Tokenizer::from_file("/nonexistent/tokenizer.json");
  BOOST_REQUIRE(absent.has_error());
  BOOST_TEST(absent.error().code == Errc::not_found);
  BOOST_TEST(absent.error().detail.find("/nonexistent/tokenizer.json") != std::string::npos);
  const auto folder = Tokenizer::from_file("/");
  BOOST_REQUIRE(folder.has_error());
  BOOST_TEST(folder.error().code == Errc::not_found);
}

BOOST_AUTO_TEST_CASE(loads_the_same_from_a_file_as_from_memory) {
  std::string name = (std::filesystem::temp_directory_path() / "hfauth-tokenizer-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  BOOST_REQUIRE(fd >= 0);
  std::ofstream(name) << SmallTokenizer().json();
  const auto loaded = Tokenizer::from_file(name);
  std::ofstream(name, std::ios::trunc) << "{";
  const auto broken = Tokenizer::from_file(name);
  std::filesystem::remove(name);
  BOOST_REQUIRE(loaded.has_value());
  BOOST_TEST((loaded->encode("hello").value() == SmallTokenizer().load().encode("hello").value()));
  BOOST_REQUIRE(broken.has_error());
  BOOST_TEST(broken.error().detail.find(name) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
