// SPDX-License-Identifier: Apache-2.0
//
// What happens to encodings after the model: trimming of offsets, tokens of a template around the
// text. A Sequence of post-processors is simply a longer list of steps. Immutable once built.
#pragma once

#include "draft.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hfauth::tokenizer {

/// ByteLevel: takes white space out of the offsets of tokens.
struct ByteLevelTrimming {
  bool trim_offsets = true;
  bool add_prefix_space = true;

  void apply(std::vector<Draft>& drafts) const;
};

/// TemplateProcessing: a row of the text's tokens and tokens of its own, one for a single text, one
/// for a pair. BertProcessing and RobertaProcessing are fixed rows.
struct Template {
  struct Sequence {
    std::uint32_t index;  ///< 0 is A, 1 is B
    std::uint32_t type_id;
  };

  struct Special {
    std::vector<TokenId> ids;
    std::vector<std::string> tokens;  ///< as many as ids
    std::uint32_t type_id;
  };

  using Part = std::variant<Sequence, Special>;

  std::vector<Part> single;  ///< names A only
  std::vector<Part> pair;
  /// Whether overflowing parts get the type ids of the row too, if special tokens are added.
  bool types_overflow = false;

  /// Replaces the drafts (one or two) by one for each part.
  void apply(std::vector<Draft>& drafts, bool add_special_tokens) const;
  [[nodiscard]] std::size_t n_added(bool is_pair) const;
};

struct PostProcessor {
  using Step = std::variant<ByteLevelTrimming, Template>;
  std::vector<Step> steps;  ///< at most one is a Template
  bool is_default = true;   ///< the file names none: overflowing parts are then of no sequence

  /// Joins one or two drafts into the final one.
  [[nodiscard]] Draft process(std::vector<Draft> drafts, bool add_special_tokens) const;
  /// How many tokens it adds.
  [[nodiscard]] std::size_t n_added(bool is_pair) const;
  /// The template among the steps, or nullptr.
  [[nodiscard]] const Template* find_template() const noexcept;
};

}  // namespace hfauth::tokenizer
