// SPDX-License-Identifier: Apache-2.0
//
// NFD, NFKD, NFC and NFKC (UAX 15) over tables of Unicode 9, which is what the reference's library
// has. A decomposed character's first part takes its place, the others count as new; marks are then
// sorted by combining class, each keeping its count, so that the places are assigned to the sorted
// text as the reference does. A composition adds up the counts of its parts.
#include "normalizers/unicode_form.hpp"

#include "unicode/mappings.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

/// The decomposed text, marks in canonical order.
std::vector<Change> decomposed(std::string_view text, bool compatible) {
  std::vector<Change> out;
  out.reserve(text.size());
  std::size_t n_sorted = 0;  // what is before the last starter is final
  const auto sort_marks = [&] {
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(n_sorted), out.end(),
                     [](const Change& a, const Change& b) {
                       return unicode::combining_class(a.code_point) <
                              unicode::combining_class(b.code_point);
                     });
    n_sorted = out.size();
  };
  const auto push = [&](char32_t c, std::int32_t consumed) {
    if (unicode::combining_class(c) == 0) {
      if (out.size() - n_sorted > 1) sort_marks();
      n_sorted = out.size() + 1;
    }
    out.push_back({c, consumed});
  };
  for_each_code_point(text, [&](char32_t c) {
    if (c < 0x80) {
      push(c, 0);
      return;
    }
    unicode::HangulParts hangul;
    const std::u32string_view parts = unicode::decomposition_of(c, compatible, hangul);
    if (parts.empty()) push(c, 0);
    for (std::size_t i = 0; i < parts.size(); ++i)
      push(parts[i], i == 0 ? 0 : 1);
  });
  if (out.size() > n_sorted + 1) sort_marks();
  return out;
}

/// Joins what composes, in place. A mark is blocked from its starter by one before it of the same
/// or a higher class.
void compose(std::vector<Change>& changes) {
  std::size_t n_out = 0;
  std::size_t starter = changes.size();  // none yet
  std::uint8_t last_class = 0;           // of the last mark kept behind the starter
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change change = changes[i];
    const std::uint8_t combining_class = unicode::combining_class(change.code_point);
    const bool adjacent = n_out == starter + 1;
    if (starter < n_out && (adjacent || last_class < combining_class)) {
      const char32_t joined =
          unicode::composition_of(changes[starter].code_point, change.code_point);
      if (joined != 0) {
        changes[starter].code_point = joined;
        changes[starter].consumed += change.consumed - 1;
        continue;
      }
    }
    if (combining_class == 0) starter = n_out;
    last_class = combining_class;
    changes[n_out++] = change;
  }
  changes.resize(n_out);
}

/// Below this lead byte of UTF-8, which keeps the order of code points, a form changes nothing:
/// U+0300 in NFC, U+00C0 in NFD, U+00A0 with compatibility.
unsigned char first_lead_byte_that_changes(UnicodeForm form) {
  if (form == UnicodeForm::nfc) return 0xCC;
  return form == UnicodeForm::nfd ? 0xC3 : 0xC2;
}

bool is_untouched(std::string_view text, UnicodeForm form) {
  const unsigned char limit = first_lead_byte_that_changes(form);
  return std::all_of(text.begin(), text.end(),
                     [limit](char c) { return static_cast<unsigned char>(c) < limit; });
}

class UnicodeFormNormalizer final : public Normalizer {
 public:
  explicit UnicodeFormNormalizer(UnicodeForm form) : form_(form) {}

  Result<void> apply(NormalizedText& text) const override {
    to_unicode_form(text, form_);
    return {};
  }

 private:
  UnicodeForm form_;
};

}  // namespace

void to_unicode_form(NormalizedText& text, UnicodeForm form) {
  if (is_untouched(text.text(), form)) return;
  std::vector<Change> changes =
      decomposed(text.text(), form == UnicodeForm::nfkc || form == UnicodeForm::nfkd);
  if (form == UnicodeForm::nfc || form == UnicodeForm::nfkc) compose(changes);
  text.transform(changes);
}

NormalizerHandle unicode_form_normalizer(UnicodeForm form) {
  return std::make_unique<UnicodeFormNormalizer>(form);
}

}  // namespace hfauth::tokenizer
