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

  /// Of one stage that of this stage; of several, how they mark spaces together.
  [[nodiscard]] NormalizerShape shape() const override {
    if (stages_.size() == 1) return stages_[0]->shape();
    SpaceMarking all;
    for (const NormalizerHandle& stage : stages_) {
      const NormalizerShape shape = stage->shape();
      const auto* marking = std::get_if<SpaceMarking>(&shape);
      if (marking == nullptr || (marking->prepends && all.prepends)) return {};
      all.prepends = all.prepends || marking->prepends;
      all.replaces = all.replaces || marking->replaces;
    }
    return all;
  }

 private:
  std::vector<NormalizerHandle> stages_;
};

}  // namespace

NormalizerHandle sequence_normalizer(std::vector<NormalizerHandle> stages) {
  return std::make_unique<Sequence>(std::move(stages));
}

}  // namespace hfauth::tokenizer
