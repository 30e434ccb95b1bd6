// SPDX-License-Identifier: Apache-2.0
//
// Which format a file or a folder holds, and its tokenizer.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "parts.hpp"

#include <filesystem>
#include <memory>

namespace hfauth::tokenizer {

/// A file by its name: *.model, *.tiktoken, tekken.json, vocab.json (with merges.txt beside it),
/// vocab.txt; anything else is a tokenizer.json. A folder as transformers' AutoTokenizer reads it.
/// Errors: not_found, io, corrupt, unsupported, with the path in front.
[[nodiscard]] Result<std::unique_ptr<const TokenizerParts>> load_any(
    const std::filesystem::path& path);

}  // namespace hfauth::tokenizer
