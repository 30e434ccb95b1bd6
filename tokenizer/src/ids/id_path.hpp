// SPDX-License-Identifier: Apache-2.0
//
// The ways from text to ids alone. The usual kinds of tokenizers have a way of their own, in which
// no lists of pieces, alignments or strings are made; everything else goes the general way, through
// the same stages as encode. Which one it is depends on the tokenizer's parts only. Tests hold
// every way to the ids of encode. Paths are immutable; they refer to the parts they were made for.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "ids/id_work.hpp"
#include "parts.hpp"

#include <memory>

namespace hfauth::tokenizer {

class IdPath {
 public:
  IdPath() = default;
  IdPath(const IdPath&) = delete;
  IdPath& operator=(const IdPath&) = delete;
  IdPath(IdPath&&) = delete;
  IdPath& operator=(IdPath&&) = delete;
  virtual ~IdPath() = default;

  /// Appends the ids of `raw`, a stretch of the text without raw added tokens, not empty. Errors:
  /// as encode.
  [[nodiscard]] virtual Result<void> push(const Piece& raw, IdWork& work, IdSink& sink) const = 0;
};

using IdPathHandle = std::unique_ptr<const IdPath>;

/// The way for `parts`, which outlives it.
[[nodiscard]] IdPathHandle make_id_path(const TokenizerParts& parts);

/// Through the stages of encode.
[[nodiscard]] IdPathHandle general_path(const TokenizerParts& parts);

// Each of these is a handle to nothing if the tokenizer is not of its kind.

/// Byte-level BPE whose pieces a scanner finds: GPT-2, Llama 3, Qwen, DeepSeek, Falcon, CLIP.
[[nodiscard]] IdPathHandle scanned_path(const TokenizerParts& parts);
/// BPE over whole texts in which spaces are made visible: Llama 2, Gemma.
[[nodiscard]] IdPathHandle joined_path(const TokenizerParts& parts);
/// BertNormalizer, BertPreTokenizer, WordPiece.
[[nodiscard]] IdPathHandle bert_path(const TokenizerParts& parts);
/// Precompiled, words that begin with a mark, Unigram: T5.
[[nodiscard]] IdPathHandle unigram_path(const TokenizerParts& parts);

}  // namespace hfauth::tokenizer
