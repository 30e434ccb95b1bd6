// SPDX-License-Identifier: Apache-2.0
//
// From offsets in code points to offsets in bytes, for callers that ask for them: one pass over the
// text, nothing on the way of those who do not.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <span>
#include <string_view>

namespace hfauth::tokenizer {

/// Fills byte_offsets of `encoding` and its overflowing parts. `texts` are those that were encoded,
/// one or two. `types_are_texts`: the type of a token tells its text (there is no post-processor),
/// else its sequence does.
void add_byte_offsets(Encoding& encoding, std::span<const std::string_view> texts,
                      bool types_are_texts);

}  // namespace hfauth::tokenizer
