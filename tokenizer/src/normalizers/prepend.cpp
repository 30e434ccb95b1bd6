// SPDX-License-Identifier: Apache-2.0
//
// Prepend: puts a string in front of a text that is not empty.
#include "normalizers/normalizer.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

class Prepend final : public Normalizer {
 public:
  explicit Prepend(std::string head) : head_(std::move(head)) {}

  Result<void> apply(NormalizedText& text) const override {
    text.prepend(head_);
    return {};
  }

  [[nodiscard]] NormalizerShape shape() const override {
    if (head_ != "\u2581") return {};
    return SpaceMarking{.prepends = true};
  }

 private:
  std::string head_;
};

}  // namespace

NormalizerHandle prepend_normalizer(std::string head) {
  return std::make_unique<Prepend>(std::move(head));
}

}  // namespace hfauth::tokenizer
