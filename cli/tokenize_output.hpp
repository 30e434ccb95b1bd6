// SPDX-License-Identifier: Apache-2.0
//
// How tokens and encodings are written: Python lists, JSON.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

/// Appends `text` (valid UTF-8) as Python's repr of a str: single quotes unless the text has one
/// and no double quote; backslash, \n, \r, \t, and \x, \u, \U for characters that str.isprintable
/// refuses.
void append_python_repr(std::string& out, std::string_view text);

/// ['I', 'Ġam', ...]. With `colour`, the tokens have alternating backgrounds, so that spaces show.
[[nodiscard]] std::string python_list(const std::vector<std::string>& tokens, bool colour = false);

/// [40, 1097, ...]
[[nodiscard]] std::string id_list(std::span<const tokenizer::TokenId> ids);

/// Appends [40,1097,...], as JSON has it.
void append_id_list(std::string& out, std::span<const tokenizer::TokenId> ids);

/// Appends `text` (valid UTF-8) as a JSON string; only quotes, backslashes and control characters
/// are escaped.
void append_json_string(std::string& out, std::string_view text);

/// Appends an encoding as a JSON object with the lists named in `fields`, in the fixed order of
/// encoding_fields(); all of them but "byte_offsets" if `fields` is empty. "overflowing" is left
/// out if there is nothing in it.
void append_encoding(std::string& out, const tokenizer::Encoding& encoding,
                     const std::vector<std::string>& fields);

}  // namespace hfauth::cli
