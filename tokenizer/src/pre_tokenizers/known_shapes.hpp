// SPDX-License-Identifier: Apache-2.0
//
// Pre-tokenizers that the paths to ids know how to do at once, recognised by their stages.
#pragma once

#include "pre_tokenizers/pre_tokenizer.hpp"
#include "pre_tokenizers/scanners.hpp"

#include <optional>

namespace hfauth::tokenizer {

/// Pieces of a text, each spelled byte-level, one behind the other.
struct ByteLevelCut {
  Scanner scan;
  bool drops_spaces = false;  ///< a piece that begins with white space is none
  bool cuts_again = false;    ///< each piece is cut once more by the pattern of GPT-2
};

/// The shape of most byte-level tokenizers.
[[nodiscard]] std::optional<ByteLevelCut> as_byte_level_cut(const PreTokenizerShape& shape);

/// White space cut out, each punctuation character a piece.
[[nodiscard]] bool is_bert(const PreTokenizerShape& shape);

/// At each U+0020, which nothing is made of.
[[nodiscard]] bool is_space_split(const PreTokenizerShape& shape);

/// A Metaspace and nothing else; else nullptr.
[[nodiscard]] const MetaspaceOptions* as_metaspace(const PreTokenizerShape& shape);

/// A Metaspace behind a cut that takes white space out; else nullptr.
[[nodiscard]] const MetaspaceOptions* as_metaspace_of_words(const PreTokenizerShape& shape);

}  // namespace hfauth::tokenizer
