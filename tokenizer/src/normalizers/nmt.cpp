// SPDX-License-Identifier: Apache-2.0
//
// Nmt: drops controls, and makes a space of other white space and of invisible characters, as
// SentencePiece's nmt rules do (tokenizers 0.23, normalizers/unicode.rs).
#include "normalizers/normalizer.hpp"

namespace hfauth::tokenizer {

namespace {

bool is_dropped(char32_t c) {
  return (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F ||
         c == 0x8F || c == 0x9F;
}

bool becomes_space(char32_t c) {
  switch (c) {
    case 0x09:
    case 0x0A:
    case 0x0C:
    case 0x0D:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x2581:
    case 0xFEFF:
    case 0xFFFD:
      return true;
    default:
      return c >= 0x200B && c <= 0x200F;
  }
}

class Nmt final : public Normalizer {
 public:
  Result<void> apply(NormalizedText& text) const override {
    text.filter([](char32_t c) { return !is_dropped(c); });
    std::vector<Change> changes;
    changes.reserve(text.text().size());
    bool any = false;
    for_each_code_point(text.text(), [&](char32_t c) {
      const bool space = becomes_space(c);
      any = any || space;
      changes.push_back({space ? U' ' : c, 0});
    });
    if (any) text.transform(changes);
    return {};
  }
};

}  // namespace

NormalizerHandle nmt_normalizer() {
  return std::make_unique<Nmt>();
}

}  // namespace hfauth::tokenizer
