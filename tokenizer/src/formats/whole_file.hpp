// SPDX-License-Identifier: Apache-2.0
//
// A file of a tokenizer as one text, with the padding that simdjson wants behind it.
#pragma once

#include "hfauth/tokenizer/error.hpp"

#include <simdjson.h>

#include <filesystem>

namespace hfauth::tokenizer {

/// Reads all of a regular file. Blocks. Errors: not_found, io, with the path in front.
[[nodiscard]] Result<simdjson::padded_string> read_whole(const std::filesystem::path& path);

/// The same, but a file that is not there is an empty text.
[[nodiscard]] Result<simdjson::padded_string> read_if_there(const std::filesystem::path& path);

/// `text` with the knowledge of its padding.
[[nodiscard]] inline simdjson::padded_string_view view_of(
    const simdjson::padded_string& text) noexcept {
  return text;
}

}  // namespace hfauth::tokenizer
