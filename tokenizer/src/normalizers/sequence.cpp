// SPDX-License-Identifier: Apache-2.0
//
// Sequence: one normalizer after the other.
#include "normalizers/normalizer.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Sequence final : public Normalizer {
 public:
  explicit Sequence(std::vector<NormalizerHandle> stages) : stages_(std::move(stages)) {}

  Result<void> apply(NormalizedText& text) const override {
    for (const NormalizerHandle& stage : stages_) {
      if (const Result<void> done = stage->apply(text); !done) return done.error();
    }
    return {};
  }

 private:
  std::vector<NormalizerHandle> stages_;
};

}  // namespace

NormalizerHandle sequence_normalizer(std::vector<NormalizerHandle> stages) {
  return std::make_unique<Sequence>(std::move(stages));
}

}  // namespace hfauth::tokenizer
