// SPDX-License-Identifier: Apache-2.0
//
// The loader of tokenizer.json; each component has a file of its own beside this one.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "parts.hpp"

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

/// Tokens around each text, by their spellings; empty for none. They have ids only once the added
/// tokens have theirs.
struct TemplateWish {
  enum class Kind : std::uint8_t {
    plain,    ///< first A last, first B last, of types 0 and 1
    bert,     ///< first A last B last, of types 0 and 1
    roberta,  ///< first A last last B last, all of type 0
  };

  Kind kind = Kind::plain;
  std::string first;
  std::string last;
  std::optional<ByteLevelTrimming> trimming;
};

/// A tokenizer before its added tokens have their ids: what a reader of a format makes, and what
/// the rules of a tokenizer_config.json still change.
struct Assembly {
  std::unique_ptr<TokenizerParts> parts;
  std::vector<AddedToken> added;
  std::optional<TemplateWish> wish;  ///< in place of the post-processor
};

/// The assembly of the text of a tokenizer.json. Errors: corrupt, unsupported.
[[nodiscard]] Result<Assembly> assemble_tokenizer_json(simdjson::padded_string_view json);

/// Numbers the added tokens and makes the template; then the tokenizer is ready. Errors:
/// regex_limit; corrupt if the template names what is no token.
[[nodiscard]] Result<std::unique_ptr<const TokenizerParts>> finish(Assembly assembly);

/// Builds the parts from the text of a tokenizer.json. Errors: corrupt, unsupported.
[[nodiscard]] Result<std::unique_ptr<const TokenizerParts>> load_tokenizer_json(
    std::string_view json);

}  // namespace hfauth::tokenizer
