// SPDX-License-Identifier: Apache-2.0
//
// BPEDecoder: the suffix that ends a word becomes a space, but for the last token's.
#include "decoders/decoder.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class BpeDecoder final : public Decoder {
 public:
  explicit BpeDecoder(std::string suffix) : suffix_(std::move(suffix)) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i)
      tokens[i] = replaced_all(tokens[i], suffix_, i + 1 == tokens.size() ? "" : " ");
    return {};
  }

 private:
  std::string suffix_;
};

}  // namespace

DecoderHandle bpe_decoder(std::string suffix) {
  return std::make_unique<BpeDecoder>(std::move(suffix));
}

}  // namespace hfauth::tokenizer
