// SPDX-License-Identifier: Apache-2.0
//
// What the decoders share (tokenizers 0.23, tokenizer/mod.rs, decode).
#include "decoders/decoder.hpp"

namespace hfauth::tokenizer {

Result<std::string> Decoder::decode(std::span<const std::string_view> tokens) const {
  std::vector<std::string> spelled(tokens.begin(), tokens.end());
  if (const Result<void> applied = apply(spelled); !applied) return applied.error();
  std::string text;
  for (const std::string& token : spelled)
    text += token;
  return text;
}

Result<std::string> decode_tokens(const Decoder* decoder,
                                  std::span<const std::string_view> tokens) {
  if (decoder != nullptr) return decoder->decode(tokens);
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) text += ' ';
    text += tokens[i];
  }
  return text;
}

std::string replaced_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t found = text.find(from); found != std::string_view::npos;
       found = text.find(from, at)) {
    out += text.substr(at, found - at);
    out += to;
    at = found + from.size();
  }
  return out += text.substr(at);
}

}  // namespace hfauth::tokenizer
