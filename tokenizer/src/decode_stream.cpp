// SPDX-License-Identifier: Apache-2.0
//
// Decoders look at neighbours, so a token is decoded together with the ones that were given out
// last; the difference is new (tokenizers 0.23, tokenizer/mod.rs, step_decode_stream).
#include "hfauth/tokenizer/decode_stream.hpp"

#include <string_view>
#include <utility>

namespace hfauth::tokenizer {

namespace {

/// Whether the last character may still be completed by the next token.
bool is_open(std::string_view text) {
  return text.ends_with("\uFFFD");
}

}  // namespace

Result<std::optional<std::string>> DecodeStream::step(TokenId id) {
  if (prefix_.empty() && !ids_.empty()) {
    Result<std::string> before = tokenizer_.decode(ids_, skip_special_tokens_);
    if (!before) return before.error();
    if (!is_open(*before)) {
      prefix_ = std::move(*before);
      n_prefix_ids_ = ids_.size();
    }
  }
  ids_.push_back(id);
  const Result<std::string> text = tokenizer_.decode(ids_, skip_special_tokens_);
  if (!text) return text.error();
  if (text->size() <= prefix_.size() || is_open(*text)) return std::optional<std::string>();
  if (!text->starts_with(prefix_)) {
    return Error{Errc::invalid_input,
                 "the decoder changed text that was given out: decode all ids at once"};
  }
  std::optional<std::string> fresh = text->substr(prefix_.size());
  const std::size_t n_fresh_ids = ids_.size() - n_prefix_ids_;
  ids_.erase(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(n_prefix_ids_));
  Result<std::string> kept = tokenizer_.decode(ids_, skip_special_tokens_);
  if (!kept) return kept.error();
  prefix_ = std::move(*kept);
  n_prefix_ids_ = n_fresh_ids;
  return fresh;
}

}  // namespace hfauth::tokenizer
