// SPDX-License-Identifier: Apache-2.0
//
// Vocabularies without a tokenizer.json: vocab.json with merges.txt, and vocab.txt. The rest of the
// pipeline is that of the class, as transformers 5 builds it (models/gpt2, roberta, qwen2, clip,
// bert: tokenization_*.py).
#include "formats/components.hpp"
#include "formats/lines.hpp"
#include "formats/readers.hpp"
#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::tokenizer {

namespace {

enum class Family : std::uint8_t { gpt2, roberta, qwen2, clip };

struct KnownClass {
  std::string_view name;
  Family family;
};

constexpr KnownClass kByteLevelClasses[] = {
    {"", Family::gpt2},
    {"GPT2Tokenizer", Family::gpt2},
    {"CodeGenTokenizer", Family::gpt2},
    {"PreTrainedTokenizerFast", Family::gpt2},
    {"RobertaTokenizer", Family::roberta},
    {"BartTokenizer", Family::roberta},
    {"LongformerTokenizer", Family::roberta},
    {"LEDTokenizer", Family::roberta},
    {"MvpTokenizer", Family::roberta},
    {"Qwen2Tokenizer", Family::qwen2},
    {"CLIPTokenizer", Family::clip},
};

constexpr std::string_view kWordPieceClasses[] = {
    "",
    "BertTokenizer",
    "ConvBertTokenizer",
    "DistilBertTokenizer",
    "DPRContextEncoderTokenizer",
    "DPRQuestionEncoderTokenizer",
    "DPRReaderTokenizer",
    "ElectraTokenizer",
    "LayoutLMTokenizer",
    "LxmertTokenizer",
    "MobileBertTokenizer",
    "SqueezeBertTokenizer",
};

constexpr DefaultToken kGpt2Tokens[] = {
    {"unk_token", "<|endoftext|>"}, {"bos_token", "<|endoftext|>"}, {"eos_token", "<|endoftext|>"}};
constexpr DefaultToken kQwen2Tokens[] = {
    {"unk_token", "<|endoftext|>"}, {"eos_token", "<|endoftext|>"}, {"pad_token", "<|endoftext|>"}};
constexpr DefaultToken kClipTokens[] = {{"unk_token", "<|endoftext|>"},
                                        {"bos_token", "<|startoftext|>"},
                                        {"eos_token", "<|endoftext|>"},
                                        {"pad_token", "<|endoftext|>"}};
constexpr DefaultToken kRobertaTokens[] = {
    {"bos_token", "<s>"},   {"eos_token", "</s>"},  {"sep_token", "</s>"},   {"cls_token", "<s>"},
    {"unk_token", "<unk>"}, {"pad_token", "<pad>"}, {"mask_token", "<mask>"}};
constexpr DefaultToken kBertTokens[] = {{"unk_token", "[UNK]"},
                                        {"sep_token", "[SEP]"},
                                        {"pad_token", "[PAD]"},
                                        {"cls_token", "[CLS]"},
                                        {"mask_token", "[MASK]"}};

std::span<const DefaultToken> defaults_of(Family family) {
  switch (family) {
    case Family::roberta:
      return kRobertaTokens;
    case Family::qwen2:
      return kQwen2Tokens;
    case Family::clip:
      return kClipTokens;
    default:
      return kGpt2Tokens;
  }
}

Error unknown_class(std::string_view name) {
  return not_supported(fmt::format("the class {} without a tokenizer.json", name));
}

Result<std::unique_ptr<const PreTokenizer>> clip_cut() {
  Result<std::unique_ptr<const Pattern>> pattern = regex_pattern(kClipPattern);
  if (!pattern) return pattern.error();
  std::vector<std::unique_ptr<const PreTokenizer>> stages;
  stages.push_back(split_pre_tokenizer(std::move(*pattern), SplitBehavior::removed, true));
  stages.push_back(byte_level_pre_tokenizer({.add_prefix_space = false}));
  return sequence_pre_tokenizer(std::move(stages));
}

Result<NormalizerHandle> clip_normalizer() {
  Result<std::unique_ptr<const Pattern>> blanks = regex_pattern(R"(\s+)");
  if (!blanks) return blanks.error();
  std::vector<NormalizerHandle> stages;
  stages.push_back(unicode_form_normalizer(UnicodeForm::nfc));
  stages.push_back(replace_normalizer(std::move(*blanks), " "));
  stages.push_back(lowercase_normalizer());
  return sequence_normalizer(std::move(stages));
}

/// What stands before the model.
Result<void> set_stages(Family family, bool add_prefix_space, TokenizerParts& parts) {
  Result<std::unique_ptr<const PreTokenizer>> cut =
      family == Family::qwen2 ? byte_level_by_pattern(kQwen2Pattern)
      : family == Family::clip
          ? clip_cut()
          : Result<std::unique_ptr<const PreTokenizer>>(
                byte_level_pre_tokenizer({.add_prefix_space = add_prefix_space}));
  if (!cut) return cut.error();
  parts.pre_tokenizer = std::move(*cut);
  parts.decoder = byte_level_decoder();
  if (family == Family::qwen2) parts.normalizer = unicode_form_normalizer(UnicodeForm::nfc);
  if (family != Family::clip) return {};
  Result<NormalizerHandle> normalizer = clip_normalizer();
  if (!normalizer) return normalizer.error();
  parts.normalizer = std::move(*normalizer);
  return {};
}

TemplateWish wish_of(Family family, const TokenizerConfig& config, bool add_prefix_space) {
  const auto named = [&](std::string_view name) {
    return std::string(config.special_or(name, ""));
  };
  if (family == Family::roberta) {
    return {TemplateWish::Kind::roberta, named("cls_token"), named("sep_token"),
            ByteLevelTrimming{.trim_offsets = true, .add_prefix_space = add_prefix_space}};
  }
  if (family == Family::clip)
    return {TemplateWish::Kind::roberta, named("bos_token"), named("eos_token"), std::nullopt};
  return ends_wish(config);
}

std::string_view without_trailing_space(std::string_view line) {
  while (!line.empty()) {
    const std::size_t last = unicode::previous(line, line.size());
    if (!unicode::is_space(unicode::decode_at(line, last).code_point)) break;
    line = line.substr(0, last);
  }
  return line;
}

Result<Vocabulary> read_lines(std::string_view text) {
  if (const std::optional<std::size_t> at = unicode::first_invalid(text))
    return Error{Errc::corrupt, fmt::format("not UTF-8: byte at offset {}", *at)};
  Vocabulary vocabulary;
  for (TokenId id = 0; !text.empty(); ++id)
    vocabulary.add(without_trailing_space(take_line(text)), id);
  vocabulary.index_ids();
  return vocabulary;
}

}  // namespace

Result<std::unique_ptr<const PreTokenizer>> byte_level_by_pattern(std::string_view pattern) {
  Result<std::unique_ptr<const Pattern>> compiled = regex_pattern(pattern);
  if (!compiled) return compiled.error();
  std::vector<std::unique_ptr<const PreTokenizer>> stages;
  stages.push_back(split_pre_tokenizer(std::move(*compiled), SplitBehavior::isolated, false));
  stages.push_back(byte_level_pre_tokenizer({.add_prefix_space = false, .use_regex = false}));
  return sequence_pre_tokenizer(std::move(stages));
}

Result<Assembly> assemble_byte_level_bpe(simdjson::padded_string_view vocab_json,
                                         std::string_view merges, const TokenizerConfig& config) {
  const auto* const known =
      std::find_if(std::begin(kByteLevelClasses), std::end(kByteLevelClasses),
                   [&](const KnownClass& one) { return one.name == config.tokenizer_class; });
  if (known == std::end(kByteLevelClasses)) return unknown_class(config.tokenizer_class);
  const TokenizerConfig filled = with_defaults(config, defaults_of(known->family));
  BpeOptions options;
  if (known->family == Family::clip) {
    options.end_suffix = "</w>";
    options.unk_token = std::string(filled.special_or("unk_token", ""));
  }
  Result<Model> model = read_bpe_files(vocab_json, merges, std::move(options));
  if (!model) return model.error();
  Assembly assembly{std::make_unique<TokenizerParts>(std::move(*model)), {}, std::nullopt};
  const bool add_prefix_space = config.add_prefix_space.value_or(false);
  if (const Result<void> set = set_stages(known->family, add_prefix_space, *assembly.parts); !set)
    return set.error();
  assembly.wish = wish_of(known->family, filled, add_prefix_space);
  apply_config(filled, assembly);
  return assembly;
}

Result<Assembly> assemble_word_piece(std::string_view vocab_text, const TokenizerConfig& config) {
  if (std::find(std::begin(kWordPieceClasses), std::end(kWordPieceClasses),
                config.tokenizer_class) == std::end(kWordPieceClasses)) {
    return unknown_class(config.tokenizer_class);
  }
  const TokenizerConfig filled = with_defaults(config, kBertTokens);
  Result<Vocabulary> vocabulary = read_lines(vocab_text);
  if (!vocabulary) return vocabulary.error();
  WordPieceOptions options;
  options.unk_token = std::string(filled.special_or("unk_token", ""));
  Assembly assembly{std::make_unique<TokenizerParts>(
                        Model(WordPiece(std::move(*vocabulary), std::move(options)))),
                    {},
                    std::nullopt};
  TokenizerParts& parts = *assembly.parts;
  parts.normalizer =
      bert_normalizer({.clean_text = true,
                       .handle_chinese_chars = config.tokenize_chinese_chars.value_or(true),
                       .strip_accents = config.strip_accents,
                       .lowercase = config.do_lower_case.value_or(true)});
  parts.pre_tokenizer = bert_pre_tokenizer();
  parts.decoder = word_piece_decoder("##", true);
  assembly.wish =
      TemplateWish{TemplateWish::Kind::bert, std::string(filled.special_or("cls_token", "")),
                   std::string(filled.special_or("sep_token", "")), std::nullopt};
  apply_config(filled, assembly);
  return assembly;
}

}  // namespace hfauth::tokenizer
