// SPDX-License-Identifier: Apache-2.0
//
// ByteLevel as a normalizer: each byte becomes its character of the byte-level alphabet; all those
// of one character share its place.
#include "byte_alphabet.hpp"
#include "normalizers/normalizer.hpp"

namespace hfauth::tokenizer {

namespace {

class ByteLevel final : public Normalizer {
 public:
  Result<void> apply(NormalizedText& text) const override {
    std::vector<Change> changes;
    changes.reserve(text.text().size());
    for (const char byte : text.text()) {
      const char32_t character = byte_alphabet::kCharacters[static_cast<unsigned char>(byte)];
      changes.push_back({character, unicode::is_continuation(byte) ? 1 : 0});
    }
    if (!changes.empty()) text.transform(changes);
    return {};
  }
};

}  // namespace

NormalizerHandle byte_level_normalizer() {
  return std::make_unique<ByteLevel>();
}

}  // namespace hfauth::tokenizer
