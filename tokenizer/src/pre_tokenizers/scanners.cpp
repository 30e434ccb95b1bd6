// SPDX-License-Identifier: Apache-2.0
//
// The alternatives of a pattern are tried in order, as a backtracking engine would, but each needs
// at most one pass: where the engine gives characters back (`\s+(?!\S)`, `\s*[\r\n]+`) the place it
// ends up at is known from the run of white space. So a text of n bytes takes O(n), also one that
// makes the engine quadratic. Checked against Oniguruma on exhaustive short and on random texts
// (scanner_test.cpp).
#include "pre_tokenizers/scanners.hpp"

#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

#include <array>

namespace hfauth::tokenizer {

namespace {

constexpr std::uint8_t kLetter = unicode::tables::kLetterBit;
constexpr std::uint8_t kNumber = unicode::tables::kNumberBit;
constexpr std::uint8_t kSpace = unicode::tables::kSpaceBit;
constexpr std::uint8_t kAnyClass = kLetter | kNumber | kSpace;
constexpr std::uint8_t kNotAscii = 0x80;

constexpr std::array<std::uint8_t, 256> make_byte_classes() noexcept {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool number = byte >= '0' && byte <= '9';
    const bool space = byte == ' ' || (byte >= 9 && byte <= 13);
    classes[byte] = byte >= 0x80 ? kNotAscii
                    : letter     ? kLetter
                    : number     ? kNumber
                    : space      ? kSpace
                                 : 0;
  }
  return classes;
}

constexpr std::array<std::uint8_t, 256> kByteClasses = make_byte_classes();

struct Character {
  std::uint8_t classes;  ///< letter, number, space or none of them
  std::size_t end;       ///< where the next character begins
};

inline Character character_at(std::string_view text, std::size_t at) {
  const std::uint8_t classes = kByteClasses[static_cast<unsigned char>(text[at])];
  if (classes != kNotAscii) return {classes, at + 1};
  const unicode::Decoded decoded = unicode::decode_at(text, at);
  return {static_cast<std::uint8_t>(unicode::classes_of(decoded.code_point) & kAnyClass),
          at + decoded.n_bytes};
}

/// The end of the run of characters whose classes within `mask` are `wanted`.
template <std::uint8_t mask, std::uint8_t wanted>
inline std::size_t run_end(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const std::uint8_t classes = kByteClasses[static_cast<unsigned char>(text[at])];
    if (classes == kNotAscii) {
      const Character next = character_at(text, at);
      if ((next.classes & mask) != wanted) return at;
      at = next.end;
    } else if ((classes & mask) == wanted) {
      ++at;
    } else {
      return at;
    }
  }
  return at;
}

inline std::size_t letters_end(std::string_view text, std::size_t at) {
  return run_end<kLetter, kLetter>(text, at);
}

inline std::size_t others_end(std::string_view text, std::size_t at) {
  return run_end<kAnyClass, 0>(text, at);
}

inline bool is_newline(char c) {
  return c == '\r' || c == '\n';
}

/// `\s+(?!\S)|\s+` at a run of white space [at, end): all of it at the end of the text, else all
/// but its last character, which belongs to what follows, unless it is the only one.
inline std::size_t spaces_match(std::string_view text, std::size_t at, std::size_t end) {
  if (end == text.size()) return end;
  const std::size_t last = unicode::previous(text, end);
  return last > at ? last : end;
}

/// The end of `s|t|re|ve|m|ll|d` at `at`, or `at` if none matches. With `fold`, letters match
/// whatever their case, and U+017F (long s) matches s.
template <bool fold>
inline std::size_t contraction_end(std::string_view text, std::size_t at) {
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

}  // namespace

std::size_t scan_gpt2(std::string_view text, std::size_t at) {
  if (text[at] == '\'') {
    const std::size_t end = contraction_end<false>(text, at + 1);
    if (end > at + 1) return end;
  }
  const Character first = character_at(text, at);
  const bool leading_space = text[at] == ' ' && at + 1 < text.size();
  const Character next = leading_space ? character_at(text, at + 1) : first;
  if (leading_space && (next.classes & kSpace) != 0) {
    return spaces_match(text, at, run_end<kSpace, kSpace>(text, next.end));
  }
  if ((next.classes & kLetter) != 0) return letters_end(text, next.end);
  if ((next.classes & kNumber) != 0) return run_end<kNumber, kNumber>(text, next.end);
  if (next.classes == 0) return others_end(text, next.end);
  return spaces_match(text, at, run_end<kSpace, kSpace>(text, first.end));
}

std::size_t scan_cl100k(std::string_view text, std::size_t at) {
  const char byte = text[at];
  if (byte == '\'') {
    const std::size_t end = contraction_end<true>(text, at + 1);
    if (end > at + 1) return end;
  }
  const Character first = character_at(text, at);
  if ((first.classes & kLetter) != 0) return letters_end(text, first.end);
  if ((first.classes & kNumber) != 0) {
    std::size_t end = first.end;
    for (int more = 0; more < 2 && end < text.size(); ++more) {
      const Character digit = character_at(text, end);
      if ((digit.classes & kNumber) == 0) break;
      end = digit.end;
    }
    return end;
  }
  if (!is_newline(byte) && first.end < text.size()) {
    const std::size_t end = letters_end(text, first.end);
    if (end > first.end) return end;
  }
  const std::size_t others_begin = byte == ' ' ? first.end : at;
  std::size_t end = others_end(text, others_begin);
  if (end > others_begin) {
    while (end < text.size() && is_newline(text[end]))
      ++end;
    return end;
  }
  end = run_end<kSpace, kSpace>(text, first.end);
  for (std::size_t i = end; i > at; --i) {
    if (is_newline(text[i - 1])) return i;
  }
  return spaces_match(text, at, end);
}

std::optional<Scanner> scanner_for(std::string_view pattern) {
  if (pattern == kGpt2Pattern) return &scan_gpt2;
  if (pattern == kCl100kPattern) return &scan_cl100k;
  return std::nullopt;
}

}  // namespace hfauth::tokenizer
