// SPDX-License-Identifier: Apache-2.0
//
// The readers of what is no tokenizer.json: from the bytes of the files of a format to a tokenizer.
// What a format leaves unsaid is said by the class that the repository names.
#pragma once

#include "formats/tokenizer_config.hpp"
#include "formats/tokenizer_json.hpp"
#include "hfauth/tokenizer/error.hpp"

#include <simdjson.h>

#include <string_view>

namespace hfauth::tokenizer {

/// A SentencePiece model (BPE or Unigram), with the answers of the library of that name. Errors:
/// corrupt; unsupported for the model types WORD and CHAR and for a denormalizer.
[[nodiscard]] Result<Assembly> assemble_sentence_piece(std::string_view bytes);

/// The same file as transformers' LlamaTokenizer converts it: a BPE whose merges are made of the
/// vocabulary, and Metaspace. Errors: corrupt.
[[nodiscard]] Result<Assembly> assemble_llama(std::string_view bytes,
                                              const TokenizerConfig& config);

/// Ranks as tiktoken writes them, "base64 rank" a line. The pattern and special tokens, which are
/// not in the file, are those of the encoding that has so many ranks. Errors: corrupt; unsupported
/// if no known encoding has.
[[nodiscard]] Result<Assembly> assemble_tiktoken(std::string_view text);

/// Mistral's tekken.json. Its special tokens are never found in a text, as in mistral-common.
/// Errors: corrupt, unsupported.
[[nodiscard]] Result<Assembly> assemble_tekken(simdjson::padded_string_view json);

/// vocab.json and merges.txt of a byte-level BPE. Errors: corrupt; unsupported for a class whose
/// rules are not known.
[[nodiscard]] Result<Assembly> assemble_byte_level_bpe(simdjson::padded_string_view vocab_json,
                                                       std::string_view merges,
                                                       const TokenizerConfig& config);

/// vocab.txt of a WordPiece. Errors as assemble_byte_level_bpe.
[[nodiscard]] Result<Assembly> assemble_word_piece(std::string_view vocab_text,
                                                   const TokenizerConfig& config);

/// Cuts by `pattern` (for Oniguruma), each match and gap a piece, spelled byte-level. Errors as
/// regex_pattern.
[[nodiscard]] Result<std::unique_ptr<const PreTokenizer>> byte_level_by_pattern(
    std::string_view pattern);

}  // namespace hfauth::tokenizer
