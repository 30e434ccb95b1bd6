// SPDX-License-Identifier: Apache-2.0
//
// What a tokenizer consists of, in the order in which a text passes through it. The loader fills it
// in, Tokenizer drives it; nothing that can be seen changes afterwards.
#pragma once

#include "added_tokens/added_vocabulary.hpp"
#include "decoders/decoder.hpp"
#include "models/join_table.hpp"
#include "models/model.hpp"
#include "normalizers/normalizer.hpp"
#include "piece_cache_pool.hpp"
#include "post_processors/post_processor.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "truncation.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace hfauth::tokenizer {

class IdPath;

/// The way to ids alone, made when it is first asked for.
struct LazyIdPath {
  std::once_flag once;
  std::shared_ptr<const IdPath> path;
};

/// Where texts of the model can be taken apart, made when it is first asked for.
struct LazyJoins {
  std::once_flag once;
  std::optional<JoinTable> table;
};

struct TokenizerParts {
  explicit TokenizerParts(Model model_in) : model(std::move(model_in)) {}

  AddedVocabulary added;
  NormalizerHandle normalizer;                        ///< none: the text stays as it is
  std::unique_ptr<const PreTokenizer> pre_tokenizer;  ///< none: every stretch is one piece
  Model model;
  PostProcessor post_processor;
  DecoderHandle decoder;   ///< none: spellings are joined by spaces
  bool cleans_up = false;  ///< decoding ends with without_artifacts
  std::optional<Truncation> truncation;
  std::optional<Padding> padding;
  mutable LazyIdPath id_path;
  mutable LazyJoins lazy_joins;
  mutable PieceCachePool caches;
  std::uint64_t serial =
      0;  ///< distinct for each tokenizer of the process, so that a cache knows its owner

  /// nullptr if texts of the model cannot be taken apart.
  [[nodiscard]] const JoinTable* joins() const {
    std::call_once(lazy_joins.once, [&] {
      if (const Bpe* bpe = model.as_bpe()) lazy_joins.table = JoinTable::of(*bpe);
    });
    return lazy_joins.table ? &*lazy_joins.table : nullptr;
  }
};

}  // namespace hfauth::tokenizer
