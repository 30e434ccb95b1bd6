// SPDX-License-Identifier: Apache-2.0
//
// Fuse: all tokens into one, so that what follows sees the whole text.
#include "decoders/decoder.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Fuse final : public Decoder {
 public:
  Result<void> apply(std::vector<std::string>& tokens) const override {
    std::string text;
    for (const std::string& token : tokens)
      text += token;
    tokens.assign(1, text);
    return {};
  }
};

}  // namespace

DecoderHandle fuse_decoder() {
  return std::make_unique<Fuse>();
}

}  // namespace hfauth::tokenizer
