// SPDX-License-Identifier: Apache-2.0
//
// .tiktoken files. Patterns and special tokens are those of tiktoken 0.14 (openai_public.py), of
// Meta's Llama 3 and of Qwen's first tokenizer, written for Oniguruma, in which X{n,m}+ is not
// possessive and $ is the end of a line.
#include "formats/base64.hpp"
#include "formats/byte_ranks.hpp"
#include "formats/json_fields.hpp"
#include "formats/lines.hpp"
#include "formats/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hfauth::tokenizer {

namespace {

/// White space at the end of a text is one piece, unlike in the pattern that Llama 3 made of it
/// (kCl100kPattern).
constexpr std::string_view kPossessiveCl100kPattern =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|)"
    R"(\s++\z|\s*[\r\n]|\s+(?!\S)|\s)";

struct Special {
  std::string_view content;
  TokenId id;
};

constexpr Special kGpt2Special[] = {{"<|endoftext|>", 50256}};
constexpr Special kCl100kSpecial[] = {{"<|endoftext|>", 100257},
                                      {"<|fim_prefix|>", 100258},
                                      {"<|fim_middle|>", 100259},
                                      {"<|fim_suffix|>", 100260},
                                      {"<|endofprompt|>", 100276}};
constexpr Special kO200kSpecial[] = {{"<|endoftext|>", 199999}, {"<|endofprompt|>", 200018}};

struct KnownEncoding {
  std::size_t n_ranks;
  std::string_view pattern;
  std::span<const Special> special;
  bool composes = false;  ///< NFC first
};

constexpr KnownEncoding kEncodings[] = {
    {50256, kGpt2Pattern, kGpt2Special},                 // r50k_base, gpt2
    {50280, kGpt2Pattern, kGpt2Special},                 // p50k_base
    {100256, kPossessiveCl100kPattern, kCl100kSpecial},  // cl100k_base
    {199998, kO200kPattern, kO200kSpecial},              // o200k_base
    {128000, kCl100kPattern, {}},       // Llama 3; its special tokens stand elsewhere
    {151643, kQwen2Pattern, {}, true},  // Qwen
};

Error bad_line(std::size_t number, std::string_view fault) {
  return {Errc::corrupt, fmt::format("line {}: {}", number, fault)};
}

Result<std::vector<RankedToken>> read_ranks(std::string_view text) {
  std::vector<RankedToken> tokens;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = take_line(text);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos)
      return bad_line(number, fmt::format("{} is not a token and its rank", in_quotes(line)));
    const std::optional<std::string> bytes = decode_base64(line.substr(0, space));
    if (!bytes)
      return bad_line(number, fmt::format("{} is not base64", in_quotes(line.substr(0, space))));
    RankedToken token{.bytes = *bytes};
    const char* const last = line.data() + line.size();
    const auto [stop, code] = std::from_chars(line.data() + space + 1, last, token.rank);
    if (code != std::errc() || stop != last)
      return bad_line(number, fmt::format("{} is not a rank", in_quotes(line.substr(space + 1))));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

Result<Assembly> assemble_tiktoken(std::string_view text) {
  const Result<std::vector<RankedToken>> tokens = read_ranks(text);
  if (!tokens) return tokens.error();
  const auto* const known = std::find_if(
      std::begin(kEncodings), std::end(kEncodings),
      [&](const KnownEncoding& encoding) { return encoding.n_ranks == tokens->size(); });
  if (known == std::end(kEncodings)) {
    return not_supported(
        fmt::format("{} ranks of tiktoken: no known encoding has so many, and the pattern that "
                    "cuts the text is "
                    "not in the file",
                    tokens->size()));
  }
  Result<Bpe> model = ranked_bpe(*tokens, 0);
  if (!model) return model.error();
  Result<std::unique_ptr<const PreTokenizer>> cut = byte_level_by_pattern(known->pattern);
  if (!cut) return cut.error();
  Assembly assembly{std::make_unique<TokenizerParts>(Model(std::move(*model))), {}, std::nullopt};
  if (known->composes) assembly.parts->normalizer = unicode_form_normalizer(UnicodeForm::nfc);
  assembly.parts->pre_tokenizer = std::move(*cut);
  assembly.parts->decoder = byte_level_decoder();
  for (const Special& special : known->special)
    assembly.added.push_back(
        {.content = std::string(special.content), .special = true, .id = special.id});
  return assembly;
}

}  // namespace hfauth::tokenizer
