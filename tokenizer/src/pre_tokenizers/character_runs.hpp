// SPDX-License-Identifier: Apache-2.0
//
// What the scanners share: the classes of the character at a place, runs of a class, and the two
// alternatives that the known patterns have in common, contractions and white space. ASCII is
// answered from a table of 256 bytes, everything else from the two-stage table.
#pragma once

#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hfauth::tokenizer::runs {

inline constexpr std::uint8_t kLetter = unicode::tables::kLetterBit;
inline constexpr std::uint8_t kNumber = unicode::tables::kNumberBit;
inline constexpr std::uint8_t kSpace = unicode::tables::kSpaceBit;
inline constexpr std::uint8_t kMark = unicode::tables::kMarkBit;
inline constexpr std::uint8_t kUpper = unicode::tables::kUpperBit;    ///< \p{Lu}, \p{Lt}
inline constexpr std::uint8_t kLower = unicode::tables::kLowerBit;    ///< \p{Ll}
inline constexpr std::uint8_t kSymbol = unicode::tables::kSymbolBit;  ///< \p{P}, \p{S}

inline constexpr std::array<std::uint8_t, 128> kAsciiClasses = [] {
  std::array<std::uint8_t, 128> classes{};
  for (unsigned byte = 0; byte < classes.size(); ++byte) {
    const bool lower = byte >= 'a' && byte <= 'z';
    const bool upper = byte >= 'A' && byte <= 'Z';
    const bool number = byte >= '0' && byte <= '9';
    const bool space = byte == ' ' || (byte >= 9 && byte <= 13);
    const bool control = byte < 0x20 || byte == 0x7F;
    const int word = lower ? kLetter | kLower : upper ? kLetter | kUpper : number ? kNumber : 0;
    const int other = space ? kSpace : control ? 0 : kSymbol;
    classes[byte] = static_cast<std::uint8_t>(word != 0 ? word : other);
  }
  return classes;
}();

struct Character {
  std::uint8_t classes;
  std::size_t end;  ///< where the next character begins
};

[[nodiscard]] inline bool is_ascii(char byte) noexcept {
  return static_cast<unsigned char>(byte) < 0x80;
}

/// The character that begins at `at` < text.size().
[[nodiscard]] inline Character character_at(std::string_view text, std::size_t at) noexcept {
  if (is_ascii(text[at])) return {kAsciiClasses[static_cast<unsigned char>(text[at])], at + 1};
  const unicode::Decoded decoded = unicode::decode_at(text, at);
  return {unicode::classes_of(decoded.code_point), at + decoded.n_bytes};
}

/// The end of the run of characters, from `at` on, for which `belongs(classes)` is true.
template <class Belongs>
[[nodiscard]] inline std::size_t run_while(std::string_view text, std::size_t at,
                                           Belongs belongs) noexcept {
  while (at < text.size()) {
    const Character next = character_at(text, at);
    if (!belongs(next.classes)) return at;
    at = next.end;
  }
  return at;
}

/// Of characters that have one of the classes.
template <std::uint8_t classes>
[[nodiscard]] inline std::size_t run_of(std::string_view text, std::size_t at) noexcept {
  return run_while(text, at, [](std::uint8_t c) { return (c & classes) != 0; });
}

/// Of characters that have none of the classes.
template <std::uint8_t classes>
[[nodiscard]] inline std::size_t run_without(std::string_view text, std::size_t at) noexcept {
  return run_while(text, at, [](std::uint8_t c) { return (c & classes) == 0; });
}

/// The end of `\p{N}{1,most}` whose first character ends at `at`.
template <unsigned most>
[[nodiscard]] inline std::size_t digits_end(std::string_view text, std::size_t at) noexcept {
  for (unsigned n = 1; n < most && at < text.size(); ++n) {
    const Character digit = character_at(text, at);
    if ((digit.classes & kNumber) == 0) break;
    at = digit.end;
  }
  return at;
}

[[nodiscard]] inline bool is_newline(char c) noexcept {
  return c == '\r' || c == '\n';
}

/// `\s+(?!\S)|\s+` at a run of white space [at, end): all of it if nothing follows, else all but
/// its last character, which belongs to what follows, unless it is the only one.
[[nodiscard]] inline std::size_t spaces_match(std::string_view text, std::size_t at,
                                              std::size_t end, bool nothing_follows) noexcept {
  if (nothing_follows) return end;
  const std::size_t last = unicode::previous(text, end);
  return last > at ? last : end;
}

/// `\s*[\r\n]+|\s+(?!\S)|\s+` at a run of white space [at, end).
[[nodiscard]] inline std::size_t lines_match(std::string_view text, std::size_t at, std::size_t end,
                                             bool nothing_follows) noexcept {
  for (std::size_t i = end; i > at; --i) {
    if (is_newline(text[i - 1])) return i;
  }
  return spaces_match(text, at, end, nothing_follows);
}

/// The end of `s|t|re|ve|m|ll|d` at `at`, or `at` if none matches. With `fold`, letters match
/// whatever their case, and U+017F (long s) matches s.
template <bool fold>
[[nodiscard]] inline std::size_t contraction_end(std::string_view text, std::size_t at) noexcept {
  const auto letter = [&](std::size_t i) -> char {
    if (i >= text.size()) return '\0';
    const char c = text[i];
    return fold && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  switch (letter(at)) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return at + 1;
    case 'r':
    case 'v':
      return letter(at + 1) == 'e' ? at + 2 : at;
    case 'l':
      return letter(at + 1) == 'l' ? at + 2 : at;
    default:
      return fold && text.substr(at).starts_with("\u017F") ? at + 2 : at;
  }
}

}  // namespace hfauth::tokenizer::runs
