// SPDX-License-Identifier: Apache-2.0
//
// The loader of tokenizer.json. JSON is parsed by simdjson's DOM (one pass, depth limit 1024, UTF-8
// checked); each component has a file of its own beside this one.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "parts.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace hfauth::tokenizer {

/// Builds the parts from the text of a tokenizer.json. Errors: corrupt, unsupported.
[[nodiscard]] Result<std::unique_ptr<const TokenizerParts>> load_tokenizer_json(
    std::string_view json);

/// The same from a file, which is read without a copy. Errors: not_found, io besides.
[[nodiscard]] Result<std::unique_ptr<const TokenizerParts>> load_tokenizer_file(
    const std::filesystem::path& path);

}  // namespace hfauth::tokenizer
