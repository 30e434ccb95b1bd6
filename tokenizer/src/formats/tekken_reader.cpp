// SPDX-License-Identifier: Apache-2.0
//
// tekken.json as mistral-common 1.13 reads it (tokens/tokenizers/tekken.py): special tokens have
// the first ids, the ranks follow; of the vocabulary only as many tokens count as the configuration
// says. A text begins with <s>, and no text stands for a special token.
#include "formats/base64.hpp"
#include "formats/byte_ranks.hpp"
#include "formats/json_fields.hpp"
#include "formats/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::tokenizer {

namespace {

/// Of files that list none (before version 11).
constexpr std::array<std::string_view, 20> kOldSpecial = {"<unk>",
                                                          "<s>",
                                                          "</s>",
                                                          "[INST]",
                                                          "[/INST]",
                                                          "[AVAILABLE_TOOLS]",
                                                          "[/AVAILABLE_TOOLS]",
                                                          "[TOOL_RESULTS]",
                                                          "[/TOOL_RESULTS]",
                                                          "[TOOL_CALLS]",
                                                          "[IMG]",
                                                          "<pad>",
                                                          "[IMG_BREAK]",
                                                          "[IMG_END]",
                                                          "[PREFIX]",
                                                          "[MIDDLE]",
                                                          "[SUFFIX]",
                                                          "[SYSTEM_PROMPT]",
                                                          "[/SYSTEM_PROMPT]",
                                                          "[TOOL_CONTENT]"};

struct Sizes {
  std::uint32_t n_all = 0;
  std::uint32_t n_special = 0;
};

Result<Sizes> read_sizes(const JsonObject& config) {
  Sizes sizes;
  const std::pair<std::string_view, std::uint32_t*> fields[] = {
      {"default_vocab_size", &sizes.n_all}, {"default_num_special_tokens", &sizes.n_special}};
  for (const auto& [key, place] : fields) {
    const Result<JsonValue> value = config.required(key);
    if (!value) return value.error();
    const Result<std::uint32_t> number = value->number();
    if (!number) return number.error();
    *place = *number;
  }
  // As many fillers as this says are made: a limit that no file comes near.
  constexpr std::uint32_t kMostSpecial = 1'000'000;
  if (sizes.n_special > sizes.n_all || sizes.n_special > kMostSpecial)
    return corrupt_at(config.place(),
                      fmt::format("{} special tokens of {}", sizes.n_special, sizes.n_all));
  return sizes;
}

Result<std::vector<RankedToken>> read_vocabulary(const JsonObject& top, std::size_t n_wanted) {
  const Result<std::vector<JsonValue>> items = top.array("vocab");
  if (!items) return items.error();
  if (items->size() < n_wanted)
    return corrupt_at(
        "vocab", fmt::format("{} tokens, of which {} are to be used", items->size(), n_wanted));
  std::vector<RankedToken> tokens;
  tokens.reserve(n_wanted);
  for (std::size_t i = 0; i < n_wanted; ++i) {
    const Result<JsonObject> entry = (*items)[i].object();
    if (!entry) return entry.error();
    const Result<std::string_view> text = entry->string("token_bytes");
    if (!text) return text.error();
    std::optional<std::string> bytes = decode_base64(*text);
    if (!bytes) return corrupt_at(entry->place(), "token_bytes is not base64");
    const Result<JsonValue> value = entry->required("rank");
    if (!value) return value.error();
    const Result<std::uint32_t> rank = value->number();
    if (!rank) return rank.error();
    if (*rank != i) return corrupt_at(value->place, fmt::format("{} out of order", *rank));
    tokens.push_back({std::move(*bytes), *rank});
  }
  return tokens;
}

Result<std::vector<std::string>> read_special(const JsonObject& top, std::uint32_t n_special) {
  std::vector<std::string> names;
  if (top.find("special_tokens")) {
    const Result<std::vector<JsonValue>> items = top.array("special_tokens");
    if (!items) return items.error();
    for (const JsonValue& item : *items) {
      const Result<JsonObject> entry = item.object();
      if (!entry) return entry.error();
      const Result<std::string_view> name = entry->string("token_str");
      if (!name) return name.error();
      names.emplace_back(*name);
    }
  } else {
    names.assign(kOldSpecial.begin(), kOldSpecial.end());
  }
  if (names.size() > n_special)
    return corrupt_at("special_tokens",
                      fmt::format("{}, where {} are said", names.size(), n_special));
  for (std::size_t id = names.size(); id < n_special; ++id)
    names.push_back(fmt::format("<SPECIAL_{}>", id));
  return names;
}

}  // namespace

Result<Assembly> assemble_tekken(simdjson::padded_string_view json) {
  JsonParser parser;
  const Result<JsonValue> root = parser.parse(json, "");
  if (!root) return root.error();
  const Result<JsonObject> top = root->object();
  if (!top) return top.error();
  const Result<JsonValue> config_value = top->required("config");
  if (!config_value) return config_value.error();
  const Result<JsonObject> config = config_value->object();
  if (!config) return config.error();
  const Result<std::string_view> pattern = config->string("pattern");
  if (!pattern) return pattern.error();
  const Result<Sizes> sizes = read_sizes(*config);
  if (!sizes) return sizes.error();
  const Result<std::vector<std::string>> special = read_special(*top, sizes->n_special);
  if (!special) return special.error();
  const Result<std::vector<RankedToken>> tokens =
      read_vocabulary(*top, sizes->n_all - sizes->n_special);
  if (!tokens) return tokens.error();
  Result<Bpe> model = ranked_bpe(*tokens, sizes->n_special);
  if (!model) return model.error();
  Result<std::unique_ptr<const PreTokenizer>> cut = byte_level_by_pattern(*pattern);
  if (!cut) return cut.error();
  Assembly assembly{std::make_unique<TokenizerParts>(Model(std::move(*model))), {}, std::nullopt};
  assembly.parts->pre_tokenizer = std::move(*cut);
  assembly.parts->decoder = byte_level_decoder();
  for (std::uint32_t id = 0; id < special->size(); ++id) {
    assembly.added.push_back(
        {.content = (*special)[id], .special = true, .id = id, .found_in_text = false});
  }
  assembly.wish = TemplateWish{TemplateWish::Kind::plain, "<s>", "", std::nullopt};
  return assembly;
}

}  // namespace hfauth::tokenizer
