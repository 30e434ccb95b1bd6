// SPDX-License-Identifier: Apache-2.0
//
// What a tokenizer consists of, in the order in which a text passes through it. The loader fills it
// in, Tokenizer drives it; nothing changes it afterwards.
#pragma once

#include "added_tokens/added_vocabulary.hpp"
#include "decoders/decoder.hpp"
#include "models/bpe.hpp"
#include "post_processors/post_processor.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"

#include <cstdint>
#include <memory>

namespace hfauth::tokenizer {

struct TokenizerParts {
  AddedVocabulary added;
  std::unique_ptr<const PreTokenizer> pre_tokenizer;  ///< none: every stretch is one piece
  Bpe model;
  PostProcessor post_processor;
  Decoder decoder = Decoder::none;
  std::uint64_t serial =
      0;  ///< distinct for each tokenizer of the process, so that a cache knows its owner
};

}  // namespace hfauth::tokenizer
