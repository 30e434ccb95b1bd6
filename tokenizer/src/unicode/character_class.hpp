// SPDX-License-Identifier: Apache-2.0
//
// The classes of a code point that the hot paths ask for: one look-up in a two-stage table
// (generated, Unicode 16). The ranges behind the classes, by the names of regular expressions,
// serve the translation of patterns.
#pragma once

#include "unicode/unicode_tables.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace hfauth::tokenizer::unicode {

/// Bits kLetterBit (\p{L}), kNumberBit (\p{N}), kSpaceBit (\s), kWordBit (\w of the regex crate),
/// kMarkBit (\p{M}), kUpperBit (\p{Lu}, \p{Lt}), kLowerBit (\p{Ll}), kSymbolBit (\p{P}, \p{S}); 0
/// beyond U+10FFFF.
[[nodiscard]] inline std::uint8_t classes_of(char32_t code_point) noexcept {
  if (code_point > 0x10FFFF) return 0;
  const std::size_t block = tables::kBlockIndex[code_point / tables::kBlockSize];
  return tables::kBlocks[block * tables::kBlockSize + code_point % tables::kBlockSize];
}

[[nodiscard]] inline bool is_space(char32_t code_point) noexcept {
  return (classes_of(code_point) & tables::kSpaceBit) != 0;
}

/// \w as the regex crate of Rust has it; `single_word` of added tokens asks for this one.
[[nodiscard]] inline bool is_word(char32_t code_point) noexcept {
  return (classes_of(code_point) & tables::kWordBit) != 0;
}

/// The ranges of a general category or script by its name in \p{...}: "L", "Letter", "Lu", "Han",
/// ... nullopt if there is no table for it.
[[nodiscard]] std::optional<std::span<const tables::Range>> ranges_of_property(
    std::string_view name);

}  // namespace hfauth::tokenizer::unicode
