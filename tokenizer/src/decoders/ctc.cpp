// SPDX-License-Identifier: Apache-2.0
//
// CTC: what a speech model emits, one token a time step, becomes text. A token counts once however
// often it is repeated in a row.
#include "decoders/decoder.hpp"

#include <algorithm>
#include <utility>

namespace hfauth::tokenizer {

namespace {

class Ctc final : public Decoder {
 public:
  Ctc(std::string pad_token, std::string delimiter, bool cleanup)
      : pad_token_(std::move(pad_token)), delimiter_(std::move(delimiter)), cleanup_(cleanup) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    for (std::string& token : tokens) {
      token = replaced_all(token, pad_token_, "");
      if (cleanup_) token = replaced_all(without_artifacts(token), delimiter_, " ");
    }
    std::erase_if(tokens, [](const std::string& token) { return token.empty(); });
    return {};
  }

 private:
  std::string pad_token_;
  std::string delimiter_;
  bool cleanup_;
};

}  // namespace

DecoderHandle ctc_decoder(std::string pad_token, std::string delimiter, bool cleanup) {
  return std::make_unique<Ctc>(std::move(pad_token), std::move(delimiter), cleanup);
}

}  // namespace hfauth::tokenizer
