// SPDX-License-Identifier: Apache-2.0
//
// From token spellings back to text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hfauth::tokenizer {

enum class Decoder : std::uint8_t {
  none,        ///< spellings joined by spaces
  byte_level,  ///< bytes behind the byte-level alphabet
};

/// The text of `tokens`. Valid UTF-8 whatever comes in.
[[nodiscard]] std::string decode_tokens(Decoder decoder, std::span<const std::string_view> tokens);

}  // namespace hfauth::tokenizer
