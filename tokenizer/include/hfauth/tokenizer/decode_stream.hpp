// SPDX-License-Identifier: Apache-2.0
//
// Ids to text as they arrive from a model, one at a time: the pieces, put side by side, are what
// decoding all of them at once gives.
#pragma once

#include "hfauth/tokenizer/tokenizer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::tokenizer {

/// Belongs to one thread at a time.
class DecodeStream {
 public:
  /// `tokenizer` must outlive this.
  explicit DecodeStream(const Tokenizer& tokenizer, bool skip_special_tokens = false)
      : tokenizer_(tokenizer), skip_special_tokens_(skip_special_tokens) {}

  /// Takes the next id. The text that it completes; nullopt as long as the end is not certain, such
  /// as in the middle of a character. Decodes a few ids each time, not all. Errors: regex_limit;
  /// invalid_input if the decoder changes text that was given out already.
  [[nodiscard]] Result<std::optional<std::string>> step(TokenId id);

 private:
  const Tokenizer& tokenizer_;
  bool skip_special_tokens_;
  std::vector<TokenId> ids_;  ///< those of the text before, and what is not given out yet
  std::string prefix_;        ///< the text of the first ones, given out already
  std::size_t n_prefix_ids_ = 0;
};

}  // namespace hfauth::tokenizer
