// SPDX-License-Identifier: Apache-2.0
//
// StripAccents: drops combining marks that stand on their own; it does not decompose first.
#include "normalizers/normalizer.hpp"
#include "unicode/mappings.hpp"

namespace hfauth::tokenizer {

namespace {

class StripAccents final : public Normalizer {
 public:
  Result<void> apply(NormalizedText& text) const override {
    text.filter([](char32_t c) {
      return c < 0x80 || !unicode::has_flag(c, unicode::tables::kCombiningMarkFlag);
    });
    return {};
  }
};

}  // namespace

NormalizerHandle strip_accents_normalizer() {
  return std::make_unique<StripAccents>();
}

}  // namespace hfauth::tokenizer
