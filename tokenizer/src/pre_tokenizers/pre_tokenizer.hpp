// SPDX-License-Identifier: Apache-2.0
//
// The stage that cuts a text into the pieces that the model sees one by one. Each kind is a class
// of its own file; a new one is built by formats/pre_tokenizer_json.cpp. Objects are immutable.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "piece.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "pre_tokenizers/split_behavior.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hfauth::tokenizer {

struct ByteLevelOptions {
  bool add_prefix_space = true;
  bool use_regex = true;
};

enum class PrependScheme : std::uint8_t {
  first,  ///< in front of the piece that begins the text
  never,
  always,  ///< in front of every piece
};

struct MetaspaceOptions {
  std::string replacement = "\u2581";  ///< one character, put in place of each space
  PrependScheme prepend_scheme = PrependScheme::always;
  bool split = true;  ///< cut in front of each replacement
};

struct SplitShape {
  const Pattern* pattern;
  SplitBehavior behavior;
  bool invert;
};

/// What one stage does; monostate: none of these. What it points to lives as long as the
/// pre-tokenizer.
using StageShape =
    std::variant<std::monostate, SplitShape, ByteLevelOptions, const MetaspaceOptions*>;

/// What a pre-tokenizer does, for the paths to ids that do it in a way of their own
/// (known_shapes.hpp): stage by stage, those of a Sequence in a Sequence in their places.
using PreTokenizerShape = std::vector<StageShape>;

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

  [[nodiscard]] virtual PreTokenizerShape shape() const { return {StageShape()}; }
};

[[nodiscard]] std::unique_ptr<const PreTokenizer> byte_level_pre_tokenizer(
    ByteLevelOptions options);
[[nodiscard]] std::unique_ptr<const PreTokenizer> split_pre_tokenizer(
    std::unique_ptr<const Pattern> pattern, SplitBehavior behavior, bool invert);
/// Cuts white space out, then at every punctuation character.
[[nodiscard]] std::unique_ptr<const PreTokenizer> bert_pre_tokenizer();
[[nodiscard]] std::unique_ptr<const PreTokenizer> metaspace_pre_tokenizer(MetaspaceOptions options);
/// Pieces of `length` > 0 characters; the last one may be shorter.
[[nodiscard]] std::unique_ptr<const PreTokenizer> fixed_length_pre_tokenizer(std::size_t length);
[[nodiscard]] std::unique_ptr<const PreTokenizer> unicode_scripts_pre_tokenizer();
[[nodiscard]] std::unique_ptr<const PreTokenizer> sequence_pre_tokenizer(
    std::vector<std::unique_ptr<const PreTokenizer>> stages);

/// `piece` with its text written out as the model sees it: what a stage behind ByteLevel works on.
/// Without effect on a piece that is not byte-level.
[[nodiscard]] Piece spelled_out(const Piece& piece, PieceList& home);

}  // namespace hfauth::tokenizer
