// SPDX-License-Identifier: Apache-2.0
//
// BertNormalizer: cleaning, spaces around ideographs, accents off, lower case, in this order
// (tokenizers 0.23, normalizers/bert.rs). What it takes for a control is anything of the categories
// C but tab and line breaks; so a vertical tab is dropped, not made a space.
#include "normalizers/bert.hpp"

#include "normalizers/letter_case.hpp"
#include "normalizers/normalizer.hpp"
#include "normalizers/unicode_form.hpp"
#include "unicode/character_class.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

void clean(NormalizedText& text) {
  text.filter([](char32_t c) { return !bert::is_dropped(c); });
  std::vector<Change> changes;
  changes.reserve(text.text().size());
  bool any = false;
  for_each_code_point(text.text(), [&](char32_t c) {
    const bool space = c != U' ' && unicode::is_space(c);
    any = any || space;
    changes.push_back({space ? U' ' : c, 0});
  });
  if (any) text.transform(changes);
}

void set_ideographs_apart(NormalizedText& text) {
  const std::string_view old = text.text();
  const bool none = std::all_of(old.begin(), old.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0xE3;  // the lead byte of U+3000
  });
  if (none) return;
  std::vector<Change> changes;
  changes.reserve(old.size());
  for_each_code_point(old, [&](char32_t c) {
    if (!bert::is_ideograph(c)) {
      changes.push_back({c, 0});
      return;
    }
    changes.insert(changes.end(), {{U' ', 0}, {c, 1}, {U' ', 1}});
  });
  text.transform(changes);
}

class BertNormalizer final : public Normalizer {
 public:
  explicit BertNormalizer(BertOptions options) : options_(options) {}

  Result<void> apply(NormalizedText& text) const override {
    if (apply_in_place(text)) return {};
    if (options_.clean_text) clean(text);
    if (options_.handle_chinese_chars) set_ideographs_apart(text);
    if (options_.strip_accents.value_or(options_.lowercase)) {
      to_unicode_form(text, UnicodeForm::nfd);
      text.filter([](char32_t c) { return !bert::is_accent(c); });
    }
    if (options_.lowercase) lowercase(text);
    return {};
  }

  [[nodiscard]] NormalizerShape shape() const override { return options_; }

 private:
  /// For texts in which no character is dropped, moved or becomes one of another length, as those
  /// without accents and ideographs are; false, with `text` as it was, for any other.
  [[nodiscard]] bool apply_in_place(NormalizedText& text) const {
    const std::string_view old = text.text();
    std::string rewritten(old);
    for (std::size_t at = 0; at < old.size();) {
      const unicode::Decoded next = unicode::decode_at(old, at);
      const char32_t c = next.code_point;
      if (options_.clean_text && bert::is_dropped(c)) return false;
      if (c >= 0x80) {
        if (!stays(c)) return false;
      } else if (options_.clean_text && unicode::is_space(c)) {
        rewritten[at] = ' ';
      } else if (options_.lowercase && c >= U'A' && c <= U'Z') {
        rewritten[at] = static_cast<char>(c - U'A' + U'a');
      }
      at += next.n_bytes;
    }
    if (rewritten != old) text.overwrite(std::move(rewritten));
    return true;
  }

  /// Whether nothing happens to `c` >= U+0080, whatever stands beside it.
  [[nodiscard]] bool stays(char32_t c) const {
    if (options_.clean_text && unicode::is_space(c)) return false;
    if (options_.handle_chinese_chars && bert::is_ideograph(c)) return false;
    if (options_.lowercase && !unicode::lowercase_of(c).empty()) return false;
    if (!options_.strip_accents.value_or(options_.lowercase)) return true;
    unicode::HangulParts hangul{};
    return !bert::is_accent(c) && unicode::combining_class(c) == 0 &&
           unicode::decomposition_of(c, false, hangul).empty();
  }

  BertOptions options_;
};

}  // namespace

NormalizerHandle bert_normalizer(BertOptions options) {
  return std::make_unique<BertNormalizer>(options);
}

}  // namespace hfauth::tokenizer
