// SPDX-License-Identifier: Apache-2.0
//
// What a search makes of a text: matches, and the gaps between them.
#pragma once

#include "piece.hpp"

namespace hfauth::tokenizer {

/// A stretch of text that matched, or one between matches. In order and without holes they cover
/// the text; a match may be empty.
struct SplitEvent {
  ByteRange range;
  bool is_match = false;

  friend bool operator==(const SplitEvent&, const SplitEvent&) = default;
};

}  // namespace hfauth::tokenizer
