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

/// The characters that a form may change, alone or beside others; a bit a code point. In a text of
/// other characters nothing changes, and in front of one of those every text can be cut: it has
/// class 0, stays what it is, and is nothing that joins a character before it (UAX 15, section 9,
/// quick check, with Maybe taken for No).
class Changing {
 public:
  explicit Changing(UnicodeForm form) {
    const bool composes = form == UnicodeForm::nfc || form == UnicodeForm::nfkc;
    const bool compatible = form == UnicodeForm::nfkc || form == UnicodeForm::nfkd;
    if (composes) {
      for (const unicode::tables::Composition& entry : unicode::tables::kCompositions)
        set(entry.second);
      for (char32_t c = 0x1161; c <= 0x11C2; ++c)  // vowels and trailing consonants of Hangul
        set(c);
    }
    constexpr std::uint16_t kAsks =
        unicode::tables::kDecomposesFlag | unicode::tables::kHasClassFlag;
    for (char32_t c = 0x80; c <= kLast; ++c) {
      if (!unicode::has_flag(c, kAsks) || (composes && is_syllable(c))) continue;
      if (unicode::combining_class(c) != 0 || changes(c, composes, compatible)) set(c);
    }
  }

  [[nodiscard]] bool contains(char32_t c) const noexcept {
    return c <= kLast && (bits_[c / 64] >> c % 64 & 1U) != 0;
  }

  /// Where the first of them at or after `at` begins; text.size() if there is none.
  [[nodiscard]] std::size_t find(std::string_view text, std::size_t at) const noexcept {
    while (at < text.size()) {
      if (static_cast<unsigned char>(text[at]) < 0x80) {
        ++at;
        continue;
      }
      const unicode::Decoded next = unicode::decode_at(text, at);
      if (contains(next.code_point)) return at;
      at += next.n_bytes;
    }
    return at;
  }

 private:
  static constexpr char32_t kLast = 0x2FFFF;  ///< the planes above have none

  /// A Hangul syllable comes apart and together again.
  static bool is_syllable(char32_t c) noexcept { return c >= 0xAC00 && c <= 0xD7A3; }

  [[nodiscard]] bool changes(char32_t c, bool composes, bool compatible) const {
    std::string text;
    unicode::append(text, c);
    std::vector<Change> parts = decomposed(text, compatible);
    if (contains(parts.front().code_point)) return true;
    if (composes) compose(parts);
    return parts.size() != 1 || parts.front().code_point != c;
  }

  void set(char32_t c) { bits_[c / 64] |= std::uint64_t{1} << c % 64; }

  std::vector<std::uint64_t> bits_ = std::vector<std::uint64_t>(kLast / 64 + 1);
};

/// Made when the first text beyond ASCII comes.
const Changing& changing_in(UnicodeForm form) {
  switch (form) {
    case UnicodeForm::nfc: {
      static const Changing changing(UnicodeForm::nfc);
      return changing;
    }
    case UnicodeForm::nfd: {
      static const Changing changing(UnicodeForm::nfd);
      return changing;
    }
    case UnicodeForm::nfkc: {
      static const Changing changing(UnicodeForm::nfkc);
      return changing;
    }
    case UnicodeForm::nfkd:
      break;
  }
  static const Changing changing(UnicodeForm::nfkd);
  return changing;
}

/// Below this lead byte of UTF-8, which keeps the order of code points, a form changes nothing:
/// U+0300 in NFC, U+00C0 in NFD, U+00A0 with compatibility.
unsigned char first_lead_byte_that_changes(UnicodeForm form) {
  if (form == UnicodeForm::nfc) return 0xCC;
  return form == UnicodeForm::nfd ? 0xC3 : 0xC2;
}

/// Where the first character begins that the form may change; text.size() if there is none.
std::size_t find_changing(std::string_view text, UnicodeForm form) {
  const unsigned char limit = first_lead_byte_that_changes(form);
  const auto first = std::find_if(
      text.begin(), text.end(), [limit](char c) { return static_cast<unsigned char>(c) >= limit; });
  if (first == text.end()) return text.size();
  return changing_in(form).find(text, static_cast<std::size_t>(first - text.begin()));
}

std::vector<Change> in_form(std::string_view text, UnicodeForm form) {
  std::vector<Change> changes =
      decomposed(text, form == UnicodeForm::nfkc || form == UnicodeForm::nfkd);
  if (form == UnicodeForm::nfc || form == UnicodeForm::nfkc) compose(changes);
  return changes;
}

class UnicodeFormNormalizer final : public Normalizer {
 public:
  explicit UnicodeFormNormalizer(UnicodeForm form) : form_(form) {}

  Result<void> apply(NormalizedText& text) const override {
    to_unicode_form(text, form_);
    return {};
  }

  /// Only the characters that may change are looked at, each group with the one before it.
  Result<std::string_view> rewrite(std::string_view text, std::string& home) const override {
    std::size_t at = find_changing(text, form_);
    if (at == text.size()) return text;
    const Changing& changing = changing_in(form_);
    home.clear();
    std::size_t done = 0;
    while (at < text.size()) {
      const std::size_t begin = at > done ? unicode::previous(text, at) : at;
      home += text.substr(done, begin - done);
      done = at;
      while (done < text.size()) {
        const unicode::Decoded next = unicode::decode_at(text, done);
        if (!changing.contains(next.code_point)) break;
        done += next.n_bytes;
      }
      for (const Change& change : in_form(text.substr(begin, done - begin), form_))
        unicode::append(home, change.code_point);
      at = changing.find(text, done);
    }
    home += text.substr(done);
    return std::string_view(home);
  }

 private:
  UnicodeForm form_;
};

}  // namespace

void to_unicode_form(NormalizedText& text, UnicodeForm form) {
  if (find_changing(text.text(), form) == text.text().size()) return;
  text.transform(in_form(text.text(), form));
}

NormalizerHandle unicode_form_normalizer(UnicodeForm form) {
  return std::make_unique<UnicodeFormNormalizer>(form);
}

}  // namespace hfauth::tokenizer
