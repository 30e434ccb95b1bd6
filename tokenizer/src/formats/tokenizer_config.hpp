// SPDX-License-Identifier: Apache-2.0
//
// What stands beside a vocabulary in a repository: tokenizer_config.json, special_tokens_map.json,
// added_tokens.json. Read as transformers 5 does (tokenization_utils_base.py, _from_pretrained).
#pragma once

#include "added_tokens/added_vocabulary.hpp"
#include "formats/tokenizer_json.hpp"
#include "hfauth/tokenizer/error.hpp"

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

struct TokenizerConfig {
  std::string tokenizer_class;  ///< without "Fast"; empty if there is none
  /// By id, from added_tokens_decoder or added_tokens.json.
  std::map<std::uint32_t, AddedToken> added;
  /// bos_token, eos_token, ...: by name.
  std::map<std::string, AddedToken, std::less<>> special;
  std::vector<AddedToken> extra_special;
  std::optional<bool> add_bos_token;
  std::optional<bool> add_eos_token;
  std::optional<bool> add_prefix_space;
  std::optional<bool> do_lower_case;
  std::optional<bool> strip_accents;
  std::optional<bool> tokenize_chinese_chars;
  std::optional<bool> legacy;
  bool clean_up_tokenization_spaces = false;
  bool split_special_tokens = false;

  /// The content of a special token; `fallback` if the files name none.
  [[nodiscard]] std::string_view special_or(std::string_view name, std::string_view fallback) const;
};

/// The texts of the files; empty for one that is not there. Errors: corrupt, with the file's name.
[[nodiscard]] Result<TokenizerConfig> read_tokenizer_config(
    simdjson::padded_string_view tokenizer_config, simdjson::padded_string_view special_tokens_map,
    simdjson::padded_string_view added_tokens);

/// A special token that a class has where the files name none.
struct DefaultToken {
  std::string_view name;  ///< "unk_token"
  std::string_view content;
};

[[nodiscard]] TokenizerConfig with_defaults(TokenizerConfig config,
                                            std::span<const DefaultToken> defaults);

/// bos_token in front and eos_token behind, as far as the switches say so.
[[nodiscard]] TemplateWish ends_wish(const TokenizerConfig& config);

/// Adds the tokens that the assembly lacks, in the order of their ids, and the switches.
void apply_config(const TokenizerConfig& config, Assembly& assembly);

}  // namespace hfauth::tokenizer
