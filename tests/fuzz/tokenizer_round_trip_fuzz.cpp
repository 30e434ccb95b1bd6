// SPDX-License-Identifier: Apache-2.0
//
// Any text through tokenizers of every kind: both ways to ids agree, offsets lie in the text in
// code points and in bytes, what lossless tokens decode to is the text, and a stream of them gives
// what decoding at once does. The first byte chooses the tokenizer.
#include "hfauth/tokenizer/decode_stream.hpp"
#include "hfauth/tokenizer/text.hpp"
#include "hfauth/tokenizer/tokenizer.hpp"
#include "property.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;
namespace tokenizer = hfauth::tokenizer;

namespace {

/// What stands in the way of a text coming back as it was.
enum class Loss : std::uint8_t { none, marks, all };

struct Kind {
  const char* normalizer;
  const char* pre_tokenizer;
  const char* decoder;
  const char* model;  ///< without its vocabulary
  Loss loss;
};

constexpr const char* kBpe =
    R"("type":"BPE","unk_token":"?","merges":["h e","l l","he ll","hell o","\u0120 t"])";
constexpr const char* kFallbackBpe =
    R"("type":"BPE","unk_token":"?","fuse_unk":true,"byte_fallback":true,)"
    R"("merges":["h e","l l","he ll","hell o","\u2581 \u2581"])";
constexpr const char* kWordPiece =
    R"("type":"WordPiece","unk_token":"?","continuing_subword_prefix":"l","max_input_chars_per_word":20)";
constexpr const char* kByteLevel = R"({"type":"ByteLevel","add_prefix_space":false})";
constexpr const char* kWords =
    R"({"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]})";
constexpr const char* kLlamaDecoder =
    R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"\u2581"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]})";

constexpr std::array kKinds = {
    Kind{"null", kByteLevel, kByteLevel, kBpe, Loss::none},
    Kind{"null", kWords, kByteLevel, kBpe, Loss::none},
    Kind{R"({"type":"NFC"})", kByteLevel, kByteLevel, kBpe, Loss::all},
    Kind{R"({"type":"NFKD"})", kWords, kByteLevel, kBpe, Loss::all},
    Kind{
        R"({"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"\u2581"},{"type":"Replace","pattern":{"String":" "},"content":"\u2581"}]})",
        "null", kLlamaDecoder, kFallbackBpe, Loss::marks},
    Kind{
        R"({"type":"Sequence","normalizers":[{"type":"Nmt"},{"type":"Strip","strip_left":true,"strip_right":true},{"type":"StripAccents"},{"type":"Lowercase"}]})",
        R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true})",
        R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true})",
        kFallbackBpe, Loss::all},
    Kind{
        R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true})",
        R"({"type":"BertPreTokenizer"})", R"({"type":"WordPiece","prefix":"l","cleanup":true})",
        kWordPiece, Loss::all},
    Kind{
        R"({"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "})",
        R"({"type":"Sequence","pretokenizers":[{"type":"Punctuation","behavior":"Contiguous"},{"type":"Digits","individual_digits":false},{"type":"UnicodeScripts"}]})",
        "null", kBpe, Loss::all},
};

template <class... Values>
std::string printed(const char* format, Values... values) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

/// The bytes, spelled byte-level and as fallback, a few words, and a word for added tokens.
std::string vocabulary() {
  std::string json;
  unsigned next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool stays = (byte > 32 && byte < 127) || (byte > 160 && byte != 173);
    json += printed("\"\\u%04x\":%u,", stays ? byte : next, byte);
    json += printed("\"<0x%02X>\":%u,", byte, 256 + byte);
    next += stays ? 0 : 1;
  }
  return json + R"("he":512,"ll":513,"hell":514,"hello":515,"\u2581":516,"\u0120t":517,)"
                R"("\u2581\u2581":518})";
}

tokenizer::Tokenizer make(const Kind& kind) {
  const std::string json =
      std::string(
          R"({"added_tokens":[{"id":519,"content":"<|end|>","single_word":false,"lstrip":false,)"
          R"("rstrip":false,"normalized":false,"special":true},{"id":520,"content":" the",)"
          R"("single_word":true,"lstrip":true,"rstrip":true,"normalized":true,"special":false}],)"
          R"("post_processor":{"type":"ByteLevel","trim_offsets":true},"normalizer":)") +
      kind.normalizer + R"(,"pre_tokenizer":)" + kind.pre_tokenizer + R"(,"decoder":)" +
      kind.decoder + R"(,"model":{)" + kind.model + R"(,"vocab":{)" + vocabulary() + "}}";
  auto loaded = tokenizer::Tokenizer::from_json(json);
  if (!loaded) std::fprintf(stderr, "%s\n", loaded.error().detail.c_str());
  require(loaded.has_value(), "the tokenizers of this fuzzer load");
  return std::move(*loaded);
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether the text comes back: an added token may take the spaces beside it along, and what is a
/// mark for a space comes back as one.
bool comes_back(Loss loss, std::string_view text) {
  if (loss == Loss::all || has(text, " the")) return false;
  return loss == Loss::none || (!has(text, "\u2581") && !has(text, "<|end|>"));
}

void check_places(const tokenizer::Encoding& encoding, std::string_view text) {
  const auto n_points =
      static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      }));
  for (const tokenizer::CodePointRange& range : encoding.offsets)
    require(range.begin <= range.end && range.end <= n_points, "offsets lie in the text");
  for (const tokenizer::TextByteRange& range : encoding.byte_offsets) {
    require(range.begin <= range.end && range.end <= text.size(), "byte offsets lie in the text");
    require(range.begin == text.size() ||
                (static_cast<unsigned char>(text[range.begin]) & 0xC0U) != 0x80U,
            "byte offsets begin with a character");
  }
}

void check_stream(const tokenizer::Tokenizer& one, const std::vector<tokenizer::TokenId>& ids,
                  std::string_view decoded) {
  tokenizer::DecodeStream stream(one);
  std::string streamed;
  for (const tokenizer::TokenId id : ids) {
    const auto step = stream.step(id);
    if (!step) return;  // the decoder changes what was given out
    if (*step) streamed += **step;
  }
  require(decoded.starts_with(streamed), "the stream is the beginning of the whole");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<tokenizer::Tokenizer> kTokenizers = [] {
    std::vector<tokenizer::Tokenizer> made;
    made.reserve(kKinds.size());
    for (const Kind& kind : kKinds)
      made.push_back(make(kind));
    return made;
  }();
  if (size == 0) return 0;
  constexpr std::size_t kLongest = 2000;  // longer ones only take longer
  const std::size_t chosen = data[0] % kKinds.size();
  const tokenizer::Tokenizer& one = kTokenizers[chosen];
  const std::string text = tokenizer::with_replacements(
      {reinterpret_cast<const char*>(data) + 1, std::min(size - 1, kLongest)});

  const auto encoding = one.encode(text, {.byte_offsets = true});
  std::vector<tokenizer::TokenId> ids;
  const auto fast = one.encode_ids(text, ids);
  require(encoding.has_value() && fast.has_value(), "every text is encoded");
  require(encoding->ids == ids, "both ways of encoding give the same ids");
  check_places(*encoding, text);
  const auto decoded = one.decode(ids);
  require(decoded.has_value(), "what was encoded decodes");
  require(!comes_back(kKinds[chosen].loss, text) || *decoded == text,
          "lossless tokens decode to the text");
  check_stream(one, ids, *decoded);
  return 0;
}
