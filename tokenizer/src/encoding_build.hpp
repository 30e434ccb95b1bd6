// SPDX-License-Identifier: Apache-2.0
//
// Small steps on Encodings that several stages share.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <string_view>

namespace hfauth::tokenizer {

/// Appends a token with type 0, attention 1, special 0 and no sequence.
void push_token(Encoding& encoding, TokenId id, std::string_view token, CodePointRange range,
                std::optional<std::uint32_t> word);

/// Appends all tokens of `tail`.
void append(Encoding& encoding, Encoding&& tail);

/// Makes every token one of sequence `index`.
void set_sequence(Encoding& encoding, std::uint32_t index);

}  // namespace hfauth::tokenizer
