// SPDX-License-Identifier: Apache-2.0
//
// The way of a text up to the model: added tokens, normalizer, pre-tokenizer. Both ways of encoding
// take it.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "parts.hpp"
#include "piece.hpp"

#include <string_view>

namespace hfauth::tokenizer {

/// Appends to `out` the found added tokens of `text` and the normalized stretches between them;
/// `home` keeps what was rewritten. Errors: regex_limit.
[[nodiscard]] Result<void> cut_into_stretches(const TokenizerParts& parts, std::string_view text,
                                              PieceList& home, std::vector<Piece>& out);

/// Appends to `out` the pieces that the pre-tokenizer makes of a stretch. Errors: regex_limit.
[[nodiscard]] Result<void> cut_stretch(const TokenizerParts& parts, const Piece& stretch,
                                       PieceList& out);

/// `text` after the normalizer, as a piece in `home`. Errors: regex_limit.
[[nodiscard]] Result<Piece> normalized_piece(const TokenizerParts& parts, const Piece& raw,
                                             PieceList& home);

}  // namespace hfauth::tokenizer
