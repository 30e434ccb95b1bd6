// SPDX-License-Identifier: Apache-2.0
//
// What BertNormalizer makes of single characters (tokenizers 0.23, normalizers/bert.rs).
#pragma once

#include "unicode/mappings.hpp"

#include <algorithm>
#include <iterator>

namespace hfauth::tokenizer::bert {

/// Whether spaces are put around `c`: the blocks that the reference counts, with its gap at
/// U+2B820..2B91F.
[[nodiscard]] inline bool is_ideograph(char32_t c) noexcept {
  struct Block {
    char32_t first;
    char32_t last;
  };

  constexpr Block kBlocks[] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},
                               {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F},
                               {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F}};
  return c >= 0x3400 &&
         std::any_of(std::begin(kBlocks), std::end(kBlocks),
                     [c](const Block& block) { return c >= block.first && c <= block.last; });
}

/// Whether cleaning drops `c`: anything of the categories C but tab and line breaks.
[[nodiscard]] inline bool is_dropped(char32_t c) noexcept {
  return unicode::has_flag(c, unicode::tables::kBertControlFlag);
}

/// Whether `c`, once decomposed, is an accent to be taken off.
[[nodiscard]] inline bool is_accent(char32_t c) noexcept {
  return c >= 0x80 && unicode::has_flag(c, unicode::tables::kNonspacingMarkFlag);
}

}  // namespace hfauth::tokenizer::bert
