// SPDX-License-Identifier: Apache-2.0
//
// The stage that cuts a text into the pieces that the model sees one by one. Each kind is a class
// of its own file; a new one is built by formats/pre_tokenizer_json.cpp. Objects are immutable.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "piece.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "pre_tokenizers/split_behavior.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace hfauth::tokenizer {

class PreTokenizer {
 public:
  PreTokenizer() = default;
  PreTokenizer(const PreTokenizer&) = delete;
  PreTokenizer& operator=(const PreTokenizer&) = delete;
  PreTokenizer(PreTokenizer&&) = delete;
  PreTokenizer& operator=(PreTokenizer&&) = delete;
  virtual ~PreTokenizer() = default;

  /// Appends the pieces of `piece`, which is not an added token and not empty, to `out`. Errors:
  /// regex_limit.
  [[nodiscard]] virtual Result<void> cut(const Piece& piece, PieceList& out) const = 0;

  /// If all that this stage does is to cut by a scanner: that scanner.
  [[nodiscard]] virtual std::optional<Scanner> as_scanner() const { return std::nullopt; }

  /// If the pieces are exactly those of one scanner, spelled byte-level: that scanner. It is the
  /// shape of most byte-level tokenizers, for which no list of pieces has to be made.
  [[nodiscard]] virtual std::optional<Scanner> as_byte_level_scanner() const {
    return std::nullopt;
  }

  /// Whether all that this stage does is to spell its input byte-level.
  [[nodiscard]] virtual bool only_spells_byte_level() const { return false; }
};

struct ByteLevelOptions {
  bool add_prefix_space = true;
  bool use_regex = true;
};

[[nodiscard]] std::unique_ptr<const PreTokenizer> byte_level_pre_tokenizer(
    ByteLevelOptions options);
[[nodiscard]] std::unique_ptr<const PreTokenizer> split_pre_tokenizer(
    std::unique_ptr<const Pattern> pattern, SplitBehavior behavior, bool invert);
[[nodiscard]] std::unique_ptr<const PreTokenizer> sequence_pre_tokenizer(
    std::vector<std::unique_ptr<const PreTokenizer>> stages);

/// `piece` with its text written out as the model sees it: what a stage behind ByteLevel works on.
/// Without effect on a piece that is not byte-level.
[[nodiscard]] Piece spelled_out(const Piece& piece, PieceList& home);

}  // namespace hfauth::tokenizer
