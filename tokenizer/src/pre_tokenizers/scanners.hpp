// SPDX-License-Identifier: Apache-2.0
//
// Hand-written matchers for the pre-tokenization patterns that nearly every byte-level tokenizer
// uses. A pattern is recognised by its exact text. Both patterns match at every position of every
// text, so a matcher only has to say where the match that begins here ends.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace hfauth::tokenizer {

/// The end of the match that begins at `at` < text.size(); text is valid UTF-8 and `at` begins a
/// character. The result is greater than `at`.
using Scanner = std::size_t (*)(std::string_view text, std::size_t at);

/// The pattern of GPT-2 and of ByteLevel(use_regex) (openai/gpt-2, encoder.py).
inline constexpr std::string_view kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

/// The pattern of cl100k (GPT-4), phi-4 and Llama 3 as their tokenizer.json files have it.
inline constexpr std::string_view kCl100kPattern =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

[[nodiscard]] std::size_t scan_gpt2(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t scan_cl100k(std::string_view text, std::size_t at);

/// The matcher for `pattern`, or nullopt if it is none of the above.
[[nodiscard]] std::optional<Scanner> scanner_for(std::string_view pattern);

}  // namespace hfauth::tokenizer
