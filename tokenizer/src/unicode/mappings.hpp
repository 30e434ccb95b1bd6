// SPDX-License-Identifier: Apache-2.0
//
// What the normalizers and pre-tokenizers ask of a code point: mappings, combining classes,
// compositions and flags, each of the Unicode version that the reference has for that purpose
// (tools/generate_mapping_tables.py says which). O(1) for flags, O(log n) for mappings.
#pragma once

#include "unicode/mapping_tables.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace hfauth::tokenizer::unicode {

/// The flags k...Flag and the grapheme class of a code point; 0 beyond U+10FFFF.
[[nodiscard]] inline std::uint16_t flags_of(char32_t code_point) noexcept {
  if (code_point > 0x10FFFF) return 0;
  const std::size_t block = tables::kFlagBlockIndex[code_point / tables::kFlagBlockSize];
  return tables::kFlagBlocks[block * tables::kFlagBlockSize + code_point % tables::kFlagBlockSize];
}

[[nodiscard]] inline bool has_flag(char32_t code_point, std::uint16_t flag) noexcept {
  return (flags_of(code_point) & flag) != 0;
}

/// Punctuation as BERT counts it: also the ASCII symbols, such as $ and +.
[[nodiscard]] inline bool is_punctuation(char32_t code_point) noexcept {
  return has_flag(code_point, tables::kPunctuationFlag);
}

/// Rust's char::is_numeric: the categories N.
[[nodiscard]] inline bool is_numeric(char32_t code_point) noexcept {
  return has_flag(code_point, tables::kNumericFlag);
}

/// The lower case of `code_point` >= U+0080; empty if it is its own.
[[nodiscard]] std::u32string_view lowercase_of(char32_t code_point) noexcept;

using HangulParts = std::array<char32_t, 3>;

/// The full decomposition of `code_point`; empty if it does not decompose. The parts of a Hangul
/// syllable are computed into `hangul`, which must live as long as the view.
[[nodiscard]] std::u32string_view decomposition_of(char32_t code_point, bool compatible,
                                                   HangulParts& hangul) noexcept;

/// The primary composite of two characters; 0 if there is none.
[[nodiscard]] char32_t composition_of(char32_t first, char32_t second) noexcept;

[[nodiscard]] std::uint8_t combining_class(char32_t code_point) noexcept;

/// A number for each script as UnicodeScripts sees them; 0 for code points without one.
[[nodiscard]] std::uint8_t script_of(char32_t code_point) noexcept;

}  // namespace hfauth::tokenizer::unicode
