// SPDX-License-Identifier: Apache-2.0
//
// The order in which tokens are added decides their ids, so it is kept: those of
// added_tokens_decoder by id, the named special ones, the extra ones.
#include "formats/tokenizer_config.hpp"

#include "formats/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

namespace hfauth::tokenizer {

namespace {

constexpr std::array<std::string_view, 7> kNamed = {
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};
constexpr std::string_view kConfigFile = "tokenizer_config.json";

/// Parses one of the files and hands its top to `read`; an empty text is passed over.
template <class Read>
Result<void> with_json(simdjson::padded_string_view text, std::string_view name, Read read) {
  if (text.empty()) return {};
  JsonParser parser;
  const Result<JsonValue> root = parser.parse(text, std::string(name));
  if (!root) return root.error();
  const Result<JsonObject> top = root->object();
  if (!top) return top.error();
  return read(*top, root->element);
}

/// A token as a string, or as an object with flags. A flag that is absent has the default of
/// AddedToken: `normalized` unless it is special.
Result<AddedToken> read_token(const JsonValue& value, bool special) {
  AddedToken token{.content = {}, .normalized = !special, .special = special};
  if (value.element.is_string()) {
    token.content = std::string(*value.string());
    return token;
  }
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> content = object->string("content");
  if (!content) return content.error();
  token.content = std::string(*content);
  const Result<bool> is_special = object->boolean_or("special", special);
  if (!is_special) return is_special.error();
  token.special = *is_special;
  token.normalized = !token.special;
  const std::pair<std::string_view, bool*> flags[] = {{"single_word", &token.single_word},
                                                      {"lstrip", &token.lstrip},
                                                      {"rstrip", &token.rstrip},
                                                      {"normalized", &token.normalized}};
  for (const auto& [name, place] : flags) {
    const Result<bool> flag = object->boolean_or(name, *place);
    if (!flag) return flag.error();
    *place = *flag;
  }
  return token;
}

Result<void> read_named(const JsonObject& top, TokenizerConfig& config) {
  for (const std::string_view name : kNamed) {
    const std::optional<JsonValue> value = top.find(name);
    if (!value) continue;
    Result<AddedToken> token = read_token(*value, true);
    if (!token) return token.error();
    token->special = true;
    config.special.insert_or_assign(std::string(name), std::move(*token));
  }
  for (const std::string_view name : {"extra_special_tokens", "additional_special_tokens"}) {
    const std::optional<JsonValue> value = top.find(name);
    if (!value || !value->element.is_array()) continue;
    const Result<std::vector<JsonValue>> items = value->array();
    if (!items) return items.error();
    for (const JsonValue& item : *items) {
      Result<AddedToken> token = read_token(item, true);
      if (!token) return token.error();
      const bool is_there =
          std::any_of(config.extra_special.begin(), config.extra_special.end(),
                      [&](const AddedToken& other) { return other.content == token->content; });
      if (!is_there) config.extra_special.push_back(std::move(*token));
    }
  }
  return {};
}

Result<void> read_decoder_of_added(const JsonValue& value, TokenizerConfig& config) {
  simdjson::dom::object entries;
  if (value.element.get(entries) != simdjson::SUCCESS)
    return corrupt_at(value.place, "expected an object");
  for (const simdjson::dom::key_value_pair entry : entries) {
    std::uint32_t id = 0;
    const char* const end = entry.key.data() + entry.key.size();
    const auto [stop, code] = std::from_chars(entry.key.data(), end, id);
    if (code != std::errc() || stop != end)
      return corrupt_at(value.place, fmt::format("{} is not a token id", in_quotes(entry.key)));
    const JsonValue item{entry.value, fmt::format("{}.{}", value.place, id)};
    if (!item.element.is_object()) return corrupt_at(item.place, "expected an object");
    Result<AddedToken> token = read_token(item, false);
    if (!token) return token.error();
    config.added.insert_or_assign(id, std::move(*token));
  }
  return {};
}

Result<void> read_switches(const JsonObject& top, TokenizerConfig& config) {
  const std::pair<std::string_view, std::optional<bool>*> optional[] = {
      {"add_bos_token", &config.add_bos_token},
      {"add_eos_token", &config.add_eos_token},
      {"add_prefix_space", &config.add_prefix_space},
      {"do_lower_case", &config.do_lower_case},
      {"legacy", &config.legacy},
      {"strip_accents", &config.strip_accents},
      {"tokenize_chinese_chars", &config.tokenize_chinese_chars}};
  for (const auto& [name, place] : optional) {
    const std::optional<JsonValue> value = top.find(name);
    if (!value) continue;
    const Result<bool> flag = value->boolean();
    if (!flag) return flag.error();
    *place = *flag;
  }
  const std::pair<std::string_view, bool*> plain[] = {
      {"clean_up_tokenization_spaces", &config.clean_up_tokenization_spaces},
      {"split_special_tokens", &config.split_special_tokens}};
  for (const auto& [name, place] : plain) {
    const Result<bool> flag = top.boolean_or(name, false);
    if (!flag) return flag.error();
    *place = *flag;
  }
  return {};
}

Result<void> read_main(const JsonObject& top, TokenizerConfig& config) {
  if (const std::optional<JsonValue> value = top.find("tokenizer_class")) {
    const Result<std::string_view> name = value->string();
    if (!name) return name.error();
    config.tokenizer_class = std::string(*name);
    if (config.tokenizer_class.ends_with("Fast") &&
        config.tokenizer_class != "PreTrainedTokenizerFast") {
      config.tokenizer_class.resize(config.tokenizer_class.size() - 4);
    }
  }
  if (const Result<void> read = read_switches(top, config); !read) return read.error();
  if (const Result<void> read = read_named(top, config); !read) return read.error();
  const std::optional<JsonValue> added = top.find("added_tokens_decoder");
  return added ? read_decoder_of_added(*added, config) : Result<void>();
}

/// {content: id}; they are special if one of the named tokens is the same.
Result<void> read_added_file(const simdjson::dom::element& root, TokenizerConfig& config) {
  simdjson::dom::object entries;
  if (root.get(entries) != simdjson::SUCCESS) return {};
  for (const simdjson::dom::key_value_pair entry : entries) {
    std::uint64_t id = 0;
    if (entry.value.get(id) != simdjson::SUCCESS || id > kLargestId)
      return corrupt_at("added_tokens.json",
                        fmt::format("the id of {} is not an integer from 0 to {}",
                                    in_quotes(entry.key), kLargestId));
    AddedToken token{.content = std::string(entry.key)};
    const auto is_same = [&](const AddedToken& other) { return other.content == token.content; };
    token.special = std::any_of(config.special.begin(), config.special.end(),
                                [&](const auto& named) { return is_same(named.second); }) ||
                    std::any_of(config.extra_special.begin(), config.extra_special.end(), is_same);
    token.normalized = !token.special;
    config.added.insert_or_assign(static_cast<std::uint32_t>(id), std::move(token));
  }
  return {};
}

bool is_same_but_for_id(const AddedToken& a, const AddedToken& b) {
  return a.content == b.content && a.single_word == b.single_word && a.lstrip == b.lstrip &&
         a.rstrip == b.rstrip && a.normalized == b.normalized && a.special == b.special &&
         a.found_in_text == b.found_in_text;
}

/// A list of added tokens that grows, and what it holds. A file can have thousands of them.
class GrowingList {
 public:
  /// Appends to `tokens`, which outlives this and which nothing else changes meanwhile, up to
  /// `n_more`.
  GrowingList(std::vector<AddedToken>& tokens, std::size_t n_more) : tokens_(tokens) {
    tokens_.reserve(tokens_.size() + n_more);  // the views below stay
    for (std::size_t i = 0; i < tokens_.size(); ++i)
      by_content_.emplace(tokens_[i].content, i);
  }

  [[nodiscard]] bool holds(const AddedToken& wanted) const {
    return by_content_.contains(wanted.content);
  }

  [[nodiscard]] bool holds_with_flags(const AddedToken& wanted) const {
    const auto [first, last] = by_content_.equal_range(wanted.content);
    return std::any_of(first, last, [&](const auto& entry) {
      return is_same_but_for_id(tokens_[entry.second], wanted);
    });
  }

  void push(AddedToken token) {
    tokens_.push_back(std::move(token));
    by_content_.emplace(tokens_.back().content, tokens_.size() - 1);
  }

 private:
  std::vector<AddedToken>& tokens_;
  std::unordered_multimap<std::string_view, std::size_t> by_content_;
};

}  // namespace

std::string_view TokenizerConfig::special_or(std::string_view name,
                                             std::string_view fallback) const {
  const auto found = special.find(name);
  return found == special.end() ? fallback : std::string_view(found->second.content);
}

Result<TokenizerConfig> read_tokenizer_config(simdjson::padded_string_view tokenizer_config,
                                              simdjson::padded_string_view special_tokens_map,
                                              simdjson::padded_string_view added_tokens) {
  TokenizerConfig config;
  Result<void> read = with_json(
      tokenizer_config, kConfigFile,
      [&](const JsonObject& top, const auto& /*root*/) { return read_main(top, config); });
  // The two older files count only where the list of added tokens is not in the first.
  if (read && config.added.empty()) {
    read = with_json(
        special_tokens_map, "special_tokens_map.json",
        [&](const JsonObject& top, const auto& /*root*/) { return read_named(top, config); });
    if (read) {
      read = with_json(added_tokens, "added_tokens.json",
                       [&](const JsonObject& /*top*/, const auto& root) {
                         return read_added_file(root, config);
                       });
    }
  }
  if (!read) return read.error();
  return config;
}

TokenizerConfig with_defaults(TokenizerConfig config, std::span<const DefaultToken> defaults) {
  for (const DefaultToken& token : defaults) {
    config.special.try_emplace(std::string(token.name),
                               AddedToken{.content = std::string(token.content), .special = true});
  }
  return config;
}

TemplateWish ends_wish(const TokenizerConfig& config) {
  const auto wanted = [&](std::optional<bool> is_wanted, std::string_view name) {
    return is_wanted.value_or(false) ? std::string(config.special_or(name, "")) : std::string();
  };
  return {TemplateWish::Kind::plain, wanted(config.add_bos_token, "bos_token"),
          wanted(config.add_eos_token, "eos_token"), std::nullopt};
}

void apply_config(const TokenizerConfig& config, Assembly& assembly) {
  const auto is_named = [&](const AddedToken& token) {
    return std::any_of(config.special.begin(), config.special.end(),
                       [&](const auto& named) { return named.second.content == token.content; });
  };
  GrowingList added(assembly.added,
                    config.added.size() + kNamed.size() + config.extra_special.size());
  for (const auto& [id, token] : config.added) {
    if (added.holds_with_flags(token)) continue;
    AddedToken more = token;
    more.special = token.special || is_named(token);
    added.push(std::move(more));
  }
  for (const std::string_view name : kNamed) {
    const auto token = config.special.find(name);
    if (token != config.special.end() && !added.holds(token->second)) added.push(token->second);
  }
  for (const AddedToken& token : config.extra_special) {
    if (!added.holds(token)) added.push(token);
  }
  if (config.split_special_tokens) assembly.parts->added.split_special();
  assembly.parts->cleans_up =
      config.clean_up_tokenization_spaces && assembly.parts->model.as_bpe() == nullptr;
}

}  // namespace hfauth::tokenizer
