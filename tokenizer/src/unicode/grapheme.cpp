// SPDX-License-Identifier: Apache-2.0
//
// One pass from the beginning of a cluster with the little memory that the rules need: whether a
// pictograph can be continued over U+200D (GB11), how far a conjunct of consonants has come (GB9c),
// and how many regional indicators there were (GB12). Spacing marks join as Extend does (GB9a).
#include "unicode/grapheme.hpp"

#include "unicode/mappings.hpp"
#include "unicode/utf8.hpp"

#include <cstdint>

namespace hfauth::tokenizer::unicode {

namespace {

constexpr char32_t kJoiner = 0x200D;

enum class Hangul : std::uint8_t { none, leading, vowel, trailing, open_syllable, closed_syllable };

Hangul hangul_of(char32_t c) noexcept {
  if ((c >= 0x1100 && c <= 0x115F) || (c >= 0xA960 && c <= 0xA97C)) return Hangul::leading;
  if ((c >= 0x1160 && c <= 0x11A7) || (c >= 0xD7B0 && c <= 0xD7C6)) return Hangul::vowel;
  if ((c >= 0x11A8 && c <= 0x11FF) || (c >= 0xD7CB && c <= 0xD7FB)) return Hangul::trailing;
  if (c < 0xAC00 || c > 0xD7A3) return Hangul::none;
  return (c - 0xAC00) % 28 == 0 ? Hangul::open_syllable : Hangul::closed_syllable;
}

bool joins_hangul(char32_t before, char32_t after) noexcept {
  const Hangul a = hangul_of(before);
  const Hangul b = hangul_of(after);
  switch (a) {
    case Hangul::leading:
      return b == Hangul::leading || b == Hangul::vowel || b == Hangul::open_syllable ||
             b == Hangul::closed_syllable;
    case Hangul::vowel:
    case Hangul::open_syllable:
      return b == Hangul::vowel || b == Hangul::trailing;
    case Hangul::trailing:
    case Hangul::closed_syllable:
      return b == Hangul::trailing;
    case Hangul::none:
      break;
  }
  return false;
}

bool is_regional_indicator(char32_t c) noexcept {
  return c >= 0x1F1E6 && c <= 0x1F1FF;
}

std::uint16_t class_of(char32_t c) noexcept {
  if (c == '\r' || c == '\n') return tables::kGraphemeControl;
  return static_cast<std::uint16_t>(flags_of(c) >> tables::kGraphemeShift);
}

bool is_extending(std::uint16_t grapheme_class) noexcept {
  return grapheme_class == tables::kGraphemeExtend || grapheme_class == tables::kGraphemeLinker ||
         grapheme_class == tables::kGraphemeConjunctExtend;
}

class Cluster {
 public:
  explicit Cluster(char32_t first) { take(first, class_of(first)); }

  /// Takes `next` in if it belongs to the cluster.
  bool extend(char32_t next) noexcept {
    const std::uint16_t next_class = class_of(next);
    if (!joins(next, next_class)) return false;
    take(next, next_class);
    return true;
  }

 private:
  [[nodiscard]] bool joins(char32_t next, std::uint16_t next_class) const noexcept {
    if (last_class_ == tables::kGraphemeControl || next_class == tables::kGraphemeControl)
      return last_ == '\r' && next == '\n';
    if (is_extending(next_class) || last_class_ == tables::kGraphemePrepend) return true;
    if (joins_hangul(last_, next)) return true;
    if (next_class == tables::kGraphemePictographic) return pictograph_ && last_ == kJoiner;
    if (next_class == tables::kGraphemeConsonant) return linked_;
    return is_regional_indicator(next) && n_regional_ % 2 == 1 && is_regional_indicator(last_);
  }

  void take(char32_t c, std::uint16_t c_class) noexcept {
    pictograph_ =
        c_class == tables::kGraphemePictographic || (pictograph_ && is_extending(c_class));
    if (c_class == tables::kGraphemeConsonant) {
      consonant_ = true;
      linked_ = false;
    } else if (c_class == tables::kGraphemeLinker) {
      linked_ = consonant_;
    } else if (c_class != tables::kGraphemeConjunctExtend) {
      consonant_ = linked_ = false;
    }
    n_regional_ = is_regional_indicator(c) ? n_regional_ + 1 : 0;
    last_ = c;
    last_class_ = c_class;
  }

  char32_t last_ = 0;
  std::uint16_t last_class_ = 0;
  bool pictograph_ = false;  ///< a pictograph and only extending characters behind it
  bool consonant_ = false;   ///< a consonant and only linkers and their like behind it
  bool linked_ = false;      ///< with at least one linker
  unsigned n_regional_ = 0;
};

}  // namespace

std::size_t grapheme_end(std::string_view text, std::size_t at) noexcept {
  const Decoded first = decode_at(text, at);
  std::size_t end = at + first.n_bytes;
  if (end == text.size()) return end;
  // Two neighbours of ASCII are two clusters, but for CR LF.
  if (first.code_point < 0x80 && static_cast<unsigned char>(text[end]) < 0x80)
    return text[at] == '\r' && text[end] == '\n' ? end + 1 : end;
  Cluster cluster(first.code_point);
  while (end < text.size()) {
    const Decoded next = decode_at(text, end);
    if (!cluster.extend(next.code_point)) break;
    end += next.n_bytes;
  }
  return end;
}

}  // namespace hfauth::tokenizer::unicode
