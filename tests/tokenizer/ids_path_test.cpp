// SPDX-License-Identifier: Apache-2.0
//
// The ways from text to ids alone against full encodings, for a small tokenizer of each kind.
#include "byte_alphabet.hpp"
#include "formats/tokenizer_json.hpp"
#include "hfauth/tokenizer/tokenizer.hpp"
#include "ids/id_path.hpp"
#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

namespace {

using Ids = std::vector<TokenId>;

/// BPE with byte fallback: spaces are marks, in front of the text too, nothing is cut.
std::string llama_json(std::string_view normalizer, std::string_view pre_tokenizer) {
  std::string vocab = R"("<unk>":0,"<s>":1)";
  int id = 2;
  for (int byte = 0; byte < 256; ++byte)
    vocab += fmt::format(R"(,"<0x{:02X}>":{})", byte, id++);
  for (const char* token : {"▁", "a", "b", "c", ">", "<", "/", "s", "é", "中", "▁▁", "▁a", "ab",
                            "▁ab", "bc", ">▁", "中a", "▁▁▁▁", "aé"})
    vocab += fmt::format(R"(,"{}":{})", token, id++);
  return fmt::format(
      R"({{"version":"1.0","added_tokens":[{{"id":1,"content":"<s>","single_word":false,"lstrip":false,
      "rstrip":false,"normalized":true,"special":true}}],"normalizer":{},"pre_tokenizer":{},
      "post_processor":null,"decoder":null,"model":{{"type":"BPE","unk_token":"<unk>","fuse_unk":true,
      "byte_fallback":true,"vocab":{{{}}},"merges":["▁ ▁","▁ a","a b","▁a b","b c","> ▁","▁▁ ▁▁",
      "中 a","a é"]}}}})",
      normalizer, pre_tokenizer, vocab);
}

std::string bert_json(std::string_view options) {
  std::string vocab = R"("[UNK]":0)";
  int id = 1;
  for (const char* token : {"a",  "b", "ab",  "##a", "##b",  "##ab", "e", "##e", "i", "##i", "!",
                            "中", "ß", "##ß", "ᄒ",  "##ᅡ", "##ᆫ", "Å", "##Å", "E", "σ"})
    vocab += fmt::format(R"(,"{}":{})", token, id++);
  return fmt::format(
      R"({{"version":"1.0","added_tokens":[],"normalizer":{{"type":"BertNormalizer",{}}},
      "pre_tokenizer":{{"type":"BertPreTokenizer"}},"post_processor":null,"decoder":null,
      "model":{{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
      "max_input_chars_per_word":6,"vocab":{{{}}}}}}})",
      options, vocab);
}

std::string random_text(std::mt19937& random) {
  static const std::u32string kCharacters =
      U"aaabbbceeisEABI   "
      U"\n\t\r!<>/"
      U"<s>▁123456²½位.,'|中中한é\u00C5İßςÅ\u0301\u302E\u2003\u3000\u000B\u0000\uF900😀\u200B";
  std::string text;
  for (std::size_t left = 1 + random() % 24; left > 0; --left)
    unicode::append(text, kCharacters[random() % kCharacters.size()]);
  return text;
}

/// Through the stages of encode, without a cache and without taking anything apart.
Ids ids_by_stages(const TokenizerParts& parts, std::string_view text) {
  Ids ids;
  IdWork work;
  IdSink sink(ids);
  BOOST_REQUIRE(general_path(parts)->push({.text = text}, work, sink).has_value());
  sink.flush();
  return ids;
}

/// All ways on many texts, with caches that live on and with none, one by one and together.
void check_agreement(const std::string& json, IdPathHandle (*way)(const TokenizerParts&)) {
  const auto parts = load_tokenizer_json(json).value();
  BOOST_REQUIRE_MESSAGE(way(*parts) != nullptr, "the tokenizer is of its kind: " << json);
  const Tokenizer tokenizer = Tokenizer::from_json(json).value();
  std::mt19937 random(7);
  EncodeScratch scratch;
  std::vector<std::string> texts(3000);
  for (std::string& text : texts) {
    text = random_text(random);
    while (&text - texts.data() < 100 && text.size() < 600)  // long enough to be taken apart
      text += random_text(random);
    const Ids wanted = tokenizer.encode(text).value().ids;
    BOOST_REQUIRE_MESSAGE(ids_by_stages(*parts, text) == wanted, "the stages on " << text);
    Ids kept;
    Ids fresh;
    BOOST_REQUIRE(tokenizer.encode_ids(text, kept, scratch).has_value());
    BOOST_REQUIRE(tokenizer.encode_ids(text, fresh).has_value());
    BOOST_REQUIRE_MESSAGE(kept == wanted && fresh == wanted, "the ids of " << text);
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const EncodeOptions options{.byte_offsets = true};
  for (const unsigned n_threads : {1U, 3U}) {
    const std::vector<Encoding> batch = tokenizer.encode_batch(views, options, n_threads).value();
    for (std::size_t i = 0; i < views.size(); ++i) {
      BOOST_REQUIRE_MESSAGE(batch[i] == tokenizer.encode(views[i], options).value(),
                            "alone and in a batch: " << views[i]);
    }
  }
}

constexpr std::string_view kLegacy =
    R"({"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},
    {"type":"Replace","pattern":{"String":" "},"content":"▁"}]})";

std::string metaspace(std::string_view scheme, bool split) {
  return fmt::format(R"({{"type":"Metaspace","replacement":"▁","prepend_scheme":"{}","split":{}}})",
                     scheme, split);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ids_path)

BOOST_AUTO_TEST_CASE(agrees_where_spaces_become_marks_in_the_normalizer) {
  check_agreement(llama_json(kLegacy, "null"), joined_path);
}

BOOST_AUTO_TEST_CASE(agrees_where_a_split_at_spaces_finds_none) {
  check_agreement(
      llama_json(
          R"({"type":"Replace","pattern":{"String":" "},"content":"▁"})",
          R"({"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious","invert":false})"),
      joined_path);
}

BOOST_AUTO_TEST_CASE(agrees_for_each_way_of_metaspace_to_mark_the_first_word) {
  for (const char* scheme : {"always", "first", "never"}) {
    check_agreement(llama_json("null", metaspace(scheme, false)), joined_path);
    check_agreement(llama_json("null", metaspace(scheme, true)), joined_path);
  }
}

BOOST_AUTO_TEST_CASE(agrees_for_bert_with_every_option) {
  for (
      const char* options :
      {R"("clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true)",
       R"("clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":false)",
       R"("clean_text":false,"handle_chinese_chars":false,"strip_accents":true,"lowercase":false)",
       R"("clean_text":false,"handle_chinese_chars":true,"strip_accents":false,"lowercase":true)"}) {
    check_agreement(bert_json(options), bert_path);
  }
}

BOOST_AUTO_TEST_CASE(has_the_same_tokens_and_places_if_a_word_behind_makes_bert_rewrite_the_text) {
  const Tokenizer tokenizer =
      Tokenizer::from_json(
          bert_json(
              R"("clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true)"))
          .value();
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random_text(random);
    const Encoding alone = tokenizer.encode(text).value();
    const Encoding before = tokenizer.encode(text + " 中").value();
    BOOST_REQUIRE(before.size() == alone.size() + 1);
    for (std::size_t at = 0; at < alone.size(); ++at) {
      BOOST_REQUIRE_MESSAGE(before.tokens[at] == alone.tokens[at], "the tokens of " << text);
      BOOST_REQUIRE_MESSAGE(before.offsets[at] == alone.offsets[at], "the places of " << text);
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_for_unigram_words_behind_a_charsmap) {
  // One unit, which no key begins with: an empty map.
  std::string vocab = R"(["<unk>",0.0])";
  for (const char* piece : {"▁", "a", "b", "e", "ab", "▁ab", "▁a", "aa", "中", "!"})
    vocab += fmt::format(R"(,["{}",-{}.5])", piece, std::string_view(piece).size());
  check_agreement(fmt::format(R"({{"version":"1.0","added_tokens":[],
      "normalizer":{{"type":"Precompiled","precompiled_charsmap":"BAAAAAAAAAA="}},
      "pre_tokenizer":{{"type":"Sequence","pretokenizers":[{{"type":"WhitespaceSplit"}},
      {{"type":"Metaspace","replacement":"▁","add_prefix_space":true}}]}},"post_processor":null,
      "decoder":null,"model":{{"type":"Unigram","unk_id":0,"vocab":[{}]}}}})",
                              vocab),
                  unigram_path);
}

BOOST_AUTO_TEST_CASE(agrees_for_byte_level_pieces_behind_a_unicode_form) {
  for (const char* form : {"NFC", "NFD", "NFKC", "NFKD"}) {
    check_agreement(fmt::format(
                        R"({{"version":"1.0","added_tokens":[],"normalizer":{{"type":"{}"}},
        "pre_tokenizer":{{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}},
        "post_processor":null,"decoder":null,"model":{{"type":"BPE","unk_token":"a",
        "vocab":{{"a":0,"b":1,"ab":2,"Ġ":3,"Ã":4,"©":5,"Ã©":6}},"merges":["a b","Ã ©"]}}}})",
                        form),
                    scanned_path);
  }
}

/// Byte-level BPE of every byte and a few merges.
std::string byte_level_json(std::string_view pre_tokenizer, std::string_view model_options) {
  std::string vocab;
  int id = 0;
  for (const char16_t character : byte_alphabet::kCharacters) {
    std::string spelling;
    unicode::append(spelling, character);
    if (spelling == "\"" || spelling == "\\") spelling.insert(0, "\\");
    vocab += fmt::format("{}\"{}\":{}", vocab.empty() ? "" : ",", spelling, id++);
  }
  for (const char* token : {"ab", "Ġa", "Ġab", "Ã©", "12", "123", "ä¸", "ä¸Ń", "..", "<|", "|>",
                            "!</w>", "ab</w>", "a</w>", "12</w>", "Â²", "²1"})
    vocab += fmt::format(",\"{}\":{}", token, id++);
  return fmt::format(R"({{"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":{},
      "post_processor":null,"decoder":null,"model":{{"type":"BPE",{}"vocab":{{{}}},
      "merges":["a b","Ġ a","Ġa b","Ġ ab","Ã ©","1 2","12 3","ä ¸","ä¸ Ń",". .","< |","| >",
      "Â ²","² 1"]}}}})",
                     pre_tokenizer, model_options, vocab);
}

std::string sequence(std::string_view stages) {
  return fmt::format(R"({{"type":"Sequence","pretokenizers":[{}]}})", stages);
}

BOOST_AUTO_TEST_CASE(agrees_for_the_four_stages_of_falcon) {
  check_agreement(byte_level_json(sequence(R"({"type":"Punctuation","behavior":"Contiguous"},
          {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
          {"type":"Digits","individual_digits":false},
          {"type":"Split","pattern":{"Regex":"[0-9][0-9][0-9]"},"behavior":"Isolated","invert":false})"),
                                  ""),
                  scanned_path);
}

BOOST_AUTO_TEST_CASE(agrees_for_both_patterns_of_clip_with_and_without_a_second_cut) {
  for (const std::string_view marks : {"", R"(<\\|startoftext\\|>|<\\|endoftext\\|>|)"}) {
    for (const std::string_view behavior :
         {R"("Removed","invert":true)", R"("Isolated","invert":false)"}) {
      for (const bool use_regex : {true, false}) {
        check_agreement(
            byte_level_json(
                sequence(fmt::format(
                    R"({{"type":"Split","pattern":{{"Regex":"{}'s|'t|'re|'ve|'m|'ll|'d|[\\p{{L}}]+|[\\p{{N}}]|[^\\s\\p{{L}}\\p{{N}}]+"}},
                    "behavior":{}}},{{"type":"ByteLevel","add_prefix_space":false,"use_regex":{}}})",
                    marks, behavior, use_regex)),
                ""),
            scanned_path);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(agrees_for_words_with_a_suffix) {
  check_agreement(
      byte_level_json(
          sequence(
              R"({"type":"Split","pattern":{"Regex":"'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"},
          "behavior":"Removed","invert":true},{"type":"ByteLevel","add_prefix_space":false})"),
          R"("unk_token":"a","end_of_word_suffix":"</w>",)"),
      scanned_path);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace hfauth::tokenizer
