// SPDX-License-Identifier: Apache-2.0
//
// Lowercase: each character by its full mapping, without regard to its neighbours (so a final sigma
// is not special). Rust's char::to_lowercase, which the reference calls, is Unicode 17.
#include "normalizers/letter_case.hpp"
#include "normalizers/normalizer.hpp"
#include "unicode/mappings.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

class Lowercase final : public Normalizer {
 public:
  Result<void> apply(NormalizedText& text) const override {
    lowercase(text);
    return {};
  }
};

}  // namespace

void lowercase(NormalizedText& text) {
  const std::string_view old = text.text();
  const bool all_lower = std::all_of(old.begin(), old.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && (c < 'A' || c > 'Z');
  });
  if (all_lower) return;
  std::vector<Change> changes;
  changes.reserve(old.size());
  for_each_code_point(old, [&](char32_t c) {
    if (c < 0x80) {
      changes.push_back({c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c, 0});
      return;
    }
    const std::u32string_view mapped = unicode::lowercase_of(c);
    if (mapped.empty()) changes.push_back({c, 0});
    for (std::size_t i = 0; i < mapped.size(); ++i)
      changes.push_back({mapped[i], i == 0 ? 0 : 1});
  });
  text.transform(changes);
}

NormalizerHandle lowercase_normalizer() {
  return std::make_unique<Lowercase>();
}

}  // namespace hfauth::tokenizer
