// SPDX-License-Identifier: Apache-2.0
//
// What happens to encodings after the model: trimming of offsets, tokens of a template around the
// text. A Sequence of post-processors is simply a longer list of steps. Immutable once built.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hfauth::tokenizer {

/// ByteLevel: takes white space out of the offsets of tokens.
struct ByteLevelTrimming {
  bool trim_offsets = true;
  bool add_prefix_space = true;

  void apply(std::vector<Encoding>& encodings) const;
};

/// TemplateProcessing: a row of the text's tokens and tokens of its own, one for a single text, one
/// for a pair.
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

  /// Replaces the encodings (one or two) by one for each part.
  void apply(std::vector<Encoding>& encodings, bool add_special_tokens) const;
};

struct PostProcessor {
  using Step = std::variant<ByteLevelTrimming, Template>;
  std::vector<Step> steps;  ///< at most one is a Template

  /// Joins one or two encodings into the final one.
  [[nodiscard]] Encoding process(std::vector<Encoding> encodings, bool add_special_tokens) const;
  /// The template among the steps, or nullptr.
  [[nodiscard]] const Template* find_template() const noexcept;
};

}  // namespace hfauth::tokenizer
