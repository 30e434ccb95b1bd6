// SPDX-License-Identifier: Apache-2.0
//
// Strip: takes white space off the ends.
#include "normalizers/normalizer.hpp"
#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

namespace hfauth::tokenizer {

namespace {

class Strip final : public Normalizer {
 public:
  Strip(bool left, bool right) : left_(left), right_(right) {}

  Result<void> apply(NormalizedText& text) const override {
    const std::string_view old = text.text();
    std::size_t begin = 0;
    std::size_t end = old.size();
    while (left_ && begin < end) {
      const unicode::Decoded first = unicode::decode_at(old, begin);
      if (!unicode::is_space(first.code_point)) break;
      begin += first.n_bytes;
    }
    while (right_ && end > begin) {
      const std::size_t last = unicode::previous(old, end);
      if (!unicode::is_space(unicode::decode_at(old, last).code_point)) break;
      end = last;
    }
    text.crop(begin, end);
    return {};
  }

 private:
  bool left_;
  bool right_;
};

}  // namespace

NormalizerHandle strip_normalizer(bool left, bool right) {
  return std::make_unique<Strip>(left, right);
}

}  // namespace hfauth::tokenizer
