// SPDX-License-Identifier: Apache-2.0
//
// Formats that are no tokenizer.json: which file is read how, the configuration beside it, and what
// is damaged or hostile. That the ids are those of the libraries whose formats they are,
// tests/interop/test_tokenizer_formats.py holds.
#include "formats/base64.hpp"
#include "formats/protobuf.hpp"
#include "small_tokenizer.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace hfauth::tokenizer {

namespace {

namespace fs = std::filesystem;

/// A folder that goes with the case.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "hfauth-format-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  Folder(Folder&&) = delete;
  Folder& operator=(Folder&&) = delete;

  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  fs::path write(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U)
    bytes += static_cast<char>(0x80U | (value & 0x7FU));
  return bytes + static_cast<char>(value);
}

std::string field(unsigned number, std::string_view bytes) {
  return varint(number << 3U | 2U) + varint(bytes.size()) + std::string(bytes);
}

std::string number_field(unsigned number, std::uint64_t value) {
  return varint(number << 3U) + varint(value);
}

/// A piece with the score 0.
std::string piece(std::string_view text, unsigned type = 1) {
  return field(1, field(1, text) + number_field(3, type));
}

/// <unk>, <s>, </s>, the mark and some letters; a BPE.
std::string small_model(const std::string& more = {}, unsigned model_type = 2) {
  return piece("<unk>", 2) + piece("<s>", 3) + piece("</s>", 3) + piece("\u2581") + piece("a") +
         piece("b") + piece("ab") + piece("\u2581ab") + more +
         field(2, number_field(3, model_type));
}

Result<Tokenizer> load(std::string_view name, std::string_view text) {
  const Folder folder;
  return Tokenizer::from_file(folder.write(std::string(name), text));
}

std::vector<TokenId> ids_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<TokenId> ids;
  BOOST_REQUIRE(tokenizer.encode_ids(text, ids));
  const Result<Encoding> encoding = tokenizer.encode(text);
  BOOST_REQUIRE(encoding);
  BOOST_TEST(encoding->ids == ids, boost::test_tools::per_element());
  return ids;
}

/// The 256 bytes and "ab" as tiktoken has them, then made-up tokens up to `n`.
std::string ranks(std::size_t n) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (unsigned rank = 0; rank < n; ++rank) {
    std::string bytes;
    if (rank < 256) {
      bytes = static_cast<char>(rank);
    } else {
      bytes = {static_cast<char>(rank >> 16U), static_cast<char>(rank >> 8U),
               static_cast<char>(rank)};
    }
    const auto at = [&](std::size_t i) {
      return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
    };
    text += kDigits[at(0) >> 2U];
    text += kDigits[(at(0) & 3U) << 4U | at(1) >> 4U];
    text += bytes.size() > 1 ? kDigits[(at(1) & 15U) << 2U | at(2) >> 6U] : '=';
    text += bytes.size() > 2 ? kDigits[at(2) & 63U] : '=';
    text += ' ' + std::to_string(rank) + '\n';
  }
  return text;
}

void expect_error(const Result<Tokenizer>& loaded, Errc code, std::string_view part) {
  BOOST_REQUIRE(!loaded.has_value());
  BOOST_TEST(loaded.error().code == code);
  BOOST_TEST(loaded.error().detail.find(part) != std::string::npos, loaded.error().detail);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(formats)

BOOST_AUTO_TEST_CASE(reads_a_sentence_piece_model) {
  const Result<Tokenizer> tokenizer = load("tokenizer.model", small_model());
  BOOST_REQUIRE(tokenizer);
  BOOST_TEST(ids_of(*tokenizer, "ab  a ") == (std::vector<TokenId>{7, 3, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(ids_of(*tokenizer, "xyz") == (std::vector<TokenId>{3, 0}),
             boost::test_tools::per_element());
  const Result<Encoding> encoding = tokenizer->encode("ab  a", {.byte_offsets = true});
  BOOST_REQUIRE(encoding);
  BOOST_TEST(encoding->offsets[0] == (CodePointRange{0, 2}));
  const Result<std::string> text = tokenizer->decode(std::vector<TokenId>{1, 7, 3, 4, 0, 2});
  BOOST_REQUIRE(text);
  BOOST_TEST(*text == "ab a \u2047 ");
}

BOOST_AUTO_TEST_CASE(takes_unused_pieces_apart_and_keeps_user_defined_ones_whole) {
  const Result<Tokenizer> tokenizer =
      load("m.model", small_model(piece("abab", 5) + piece("<x> ", 4)));
  BOOST_REQUIRE(tokenizer);
  BOOST_TEST(ids_of(*tokenizer, "abab") == (std::vector<TokenId>{7, 6}),
             boost::test_tools::per_element());
  BOOST_TEST(tokenizer->token_to_id("<x> ").value_or(0) == 9U);
}

BOOST_AUTO_TEST_CASE(refuses_sentence_piece_models_that_it_does_not_run) {
  expect_error(load("m.model", small_model({}, 3)), Errc::unsupported, "WORD");
  expect_error(load("m.model", small_model({}, 4)), Errc::unsupported, "CHAR");
  expect_error(load("m.model", small_model({}, 9)), Errc::corrupt, "model_type");
  expect_error(load("m.model", small_model(piece("a"))), Errc::corrupt, "already");
  expect_error(load("m.model", small_model(piece("<u>", 2))), Errc::corrupt, "second unknown");
  expect_error(load("m.model", small_model(piece("<0x41>", 6))), Errc::corrupt, "byte_fallback");
  expect_error(load("m.model", small_model(field(1, number_field(3, 1)))), Errc::corrupt, "empty");
  expect_error(load("m.model", small_model(piece("\xFF"))), Errc::corrupt, "UTF-8");
  expect_error(load("m.model", piece("a")), Errc::corrupt, "no unknown piece");
  expect_error(load("m.model", small_model(field(5, field(2, "map")))), Errc::unsupported,
               "denormalizer");
  expect_error(load("m.model", small_model(field(3, field(2, "map")))), Errc::corrupt, "charsmap");
}

BOOST_AUTO_TEST_CASE(survives_every_cut_and_every_changed_byte_of_a_model) {
  const std::string whole = small_model(piece("<0x41>", 6) + piece("<x>", 4));
  const Folder folder;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    static_cast<void>(Tokenizer::from_file(folder.write("m.model", whole.substr(0, at))));
    std::string changed = whole;
    changed[at] = static_cast<char>(0xFF);
    static_cast<void>(Tokenizer::from_file(folder.write("m.model", changed)));
  }
  BOOST_TEST(Tokenizer::from_file(folder.write("m.model", small_model())).has_value());
}

BOOST_AUTO_TEST_CASE(reads_protobuf_within_its_bounds) {
  for (const std::string& hostile :
       {std::string("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), std::string(20, '\xFF'),
        std::string("\x0D\x01", 2), std::string("\x0B"), std::string("\x00\x00", 2)}) {
    ProtobufReader reader(hostile);
    while (reader.next()) {
    }
    BOOST_TEST(!reader.is_sound());
  }
}

BOOST_AUTO_TEST_CASE(refuses_ranks_of_tiktoken_that_are_damaged_or_of_no_known_encoding) {
  expect_error(load("x.tiktoken", ranks(300)), Errc::unsupported, "300 ranks");
  expect_error(load("x.tiktoken", "YQ== x\n"), Errc::corrupt, "line 1");
  expect_error(load("x.tiktoken", "YQ==\n"), Errc::corrupt, "line 1");
  expect_error(load("x.tiktoken", "Y!== 0\n"), Errc::corrupt, "base64");
}

BOOST_AUTO_TEST_CASE(knows_the_encoding_by_the_number_of_ranks) {
  const Result<Tokenizer> tokenizer = load("r50k_base.tiktoken", ranks(50256));
  BOOST_REQUIRE(tokenizer);
  BOOST_TEST(tokenizer->token_to_id("<|endoftext|>").value_or(0) == 50256U);
  BOOST_TEST(ids_of(*tokenizer, "a<|endoftext|>b") == (std::vector<TokenId>{97, 50256, 98}),
             boost::test_tools::per_element());
  BOOST_TEST(tokenizer->vocab_size() == 50257U);
}

BOOST_AUTO_TEST_CASE(refuses_a_tekken_file_that_contradicts_itself) {
  expect_error(load("tekken.json", "{}"), Errc::corrupt, "config");
  expect_error(load("tekken.json", R"({"config":{"pattern":"a","default_vocab_size":5,)"
                                   R"("default_num_special_tokens":9},"vocab":[]})"),
               Errc::corrupt, "special tokens");
  expect_error(load("tekken.json", R"({"config":{"pattern":"a","default_vocab_size":50,)"
                                   R"("default_num_special_tokens":20},"vocab":[]})"),
               Errc::corrupt, "vocab");
}

BOOST_AUTO_TEST_CASE(reads_a_folder_as_auto_tokenizer_does) {
  const Folder folder;
  testing::SmallTokenizer small;
  small.top_options = R"("version":"1.0","padding":null,"truncation":{"direction":"Right",)"
                      R"("max_length":1,"strategy":"LongestFirst","stride":0})";
  folder.write("tokenizer.json", small.json());
  folder.write("tokenizer_config.json",
               R"({"tokenizer_class":"PreTrainedTokenizerFast","eos_token":"<end>",)"
               R"("added_tokens_decoder":{"300":{"content":"<x>","special":false,"lstrip":true,)"
               R"("rstrip":false,"normalized":false,"single_word":false}}})");
  const Result<Tokenizer> tokenizer = Tokenizer::from_file(folder.path());
  BOOST_REQUIRE(tokenizer);
  const Result<Encoding> encoding = tokenizer->encode("hello <x><end>");
  BOOST_REQUIRE(encoding);
  BOOST_TEST(encoding->tokens == (std::vector<std::string>{"hello", " <x>", "<end>"}),
             boost::test_tools::per_element());
  const Result<std::string> text = tokenizer->decode(encoding->ids, true);
  BOOST_REQUIRE(text);
  BOOST_TEST(*text == "hello<x>");  // <end> is special, <x> is not
}

BOOST_AUTO_TEST_CASE(finds_special_tokens_in_a_text_unless_they_are_to_be_split) {
  const Folder folder;
  folder.write("tokenizer.json", testing::SmallTokenizer().json());
  folder.write("tokenizer_config.json", R"({"eos_token":"hello","split_special_tokens":true})");
  const Result<Tokenizer> tokenizer = Tokenizer::from_file(folder.path());
  BOOST_REQUIRE(tokenizer);
  BOOST_TEST(ids_of(*tokenizer, "hellohello").size() == 2U);
  const Result<std::string> text = tokenizer->decode(ids_of(*tokenizer, "hello"), true);
  BOOST_REQUIRE(text);
  BOOST_TEST(text->empty());
}

BOOST_AUTO_TEST_CASE(names_the_file_of_a_configuration_that_is_damaged) {
  const Folder folder;
  folder.write("tokenizer.json", testing::SmallTokenizer().json());
  for (const char* text : {"{", "[]", R"({"eos_token":7})", R"({"added_tokens_decoder":{"x":{}}})",
                           R"({"added_tokens_decoder":{"1":"a"}})", R"({"add_bos_token":"yes"})"}) {
    folder.write("tokenizer_config.json", text);
    expect_error(Tokenizer::from_file(folder.path()), Errc::corrupt, "tokenizer_config.json");
  }
}

BOOST_AUTO_TEST_CASE(names_what_a_folder_lacks_and_the_class_that_it_does_not_know) {
  const Folder empty;
  expect_error(Tokenizer::from_file(empty.path()), Errc::not_found, "no tokenizer.json");
  const Folder strange;
  strange.write("vocab.txt", "[UNK]\n");
  strange.write("tokenizer_config.json", R"({"tokenizer_class":"FunnelTokenizerFast"})");
  expect_error(Tokenizer::from_file(strange.path()), Errc::unsupported, "FunnelTokenizer");
  const Folder renumbered;
  renumbered.write("spiece.model", small_model());
  renumbered.write("tokenizer_config.json", R"({"tokenizer_class":"XLMRobertaTokenizer"})");
  expect_error(Tokenizer::from_file(renumbered.path()), Errc::unsupported, "XLMRobertaTokenizer");
  const Folder without_merges;
  without_merges.write("vocab.json", R"({"a":0})");
  expect_error(Tokenizer::from_file(without_merges.path()), Errc::not_found, "merges.txt");
  const Folder without_separator;
  without_separator.write("vocab.txt", "[UNK]\na\n");
  BOOST_TEST(Tokenizer::from_file(without_separator.path()).has_value());
}

BOOST_AUTO_TEST_CASE(finds_a_model_in_the_cache_of_the_hub) {
  const Folder cache;
  const std::string commit(40, 'a');
  cache.write("models--org--name/refs/main", commit + "\n");
  cache.write("models--org--name/snapshots/" + commit + "/tokenizer.json",
              testing::SmallTokenizer().json());
  BOOST_TEST(Tokenizer::from_cache("org/name", {.folder = cache.path()}).has_value());
  BOOST_TEST(
      Tokenizer::from_cache("org/name", {.revision = commit, .folder = cache.path()}).has_value());
  expect_error(Tokenizer::from_cache("org/other", {.folder = cache.path()}), Errc::not_found,
               "not in the cache");
  for (const char* hostile : {"../x", "/etc", "a/b/c", "", "org/..", "a b"}) {
    expect_error(Tokenizer::from_cache(hostile, {.folder = cache.path()}), Errc::invalid_input,
                 "not a model");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
