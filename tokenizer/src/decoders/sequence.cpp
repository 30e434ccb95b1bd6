// SPDX-License-Identifier: Apache-2.0
//
// Sequence: one decoder after the other.
#include "decoders/decoder.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Sequence final : public Decoder {
 public:
  explicit Sequence(std::vector<DecoderHandle> stages) : stages_(std::move(stages)) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    for (const DecoderHandle& stage : stages_) {
      if (const Result<void> done = stage->apply(tokens); !done) return done.error();
    }
    return {};
  }

 private:
  std::vector<DecoderHandle> stages_;
};

}  // namespace

DecoderHandle sequence_decoder(std::vector<DecoderHandle> stages) {
  return std::make_unique<Sequence>(std::move(stages));
}

}  // namespace hfauth::tokenizer
