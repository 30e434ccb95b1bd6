// SPDX-License-Identifier: Apache-2.0
//
// A token as a model makes it of a piece.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <cstdint>

namespace hfauth::tokenizer {

struct ModelToken {
  TokenId id = 0;
  std::uint32_t begin = 0;  ///< bytes of the piece that it covers
  std::uint32_t end = 0;
  /// Its text is that of the piece, not the spelling of its id (an unknown token of a Unigram).
  bool as_written = false;
};

}  // namespace hfauth::tokenizer
