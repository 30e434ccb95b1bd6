// SPDX-License-Identifier: Apache-2.0
//
// A strict UTF-8 reader (Unicode 16, table 3-7) and what is built on it.
#include "hfauth/core/utf8.hpp"

#include <fmt/format.h>
#include <wchar.h>  // wcwidth is POSIX: <cwchar> need not have it

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace hfauth::utf8 {
namespace {

struct Step {
  char32_t code_point;
  std::size_t length;  // bytes to go on by
  bool valid;
};

bool is_continuation(std::string_view bytes, std::size_t at) {
  return at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0U) == 0x80U;
}

struct Lead {
  std::size_t length;      // 0: not a lead byte
  unsigned second_lowest;  // range of the second byte: keeps out overlong forms, surrogates and >
                           // U+10FFFF
  unsigned second_highest;
};

Lead classify(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

/// The code point at `at`, or the length of the maximal invalid part there.
Step step(std::string_view bytes, std::size_t at) {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  if (lead < 0x80) return {lead, 1, true};
  const Lead form = classify(lead);
  if (form.length == 0) return {0xFFFD, 1, false};
  if (!is_continuation(bytes, at + 1)) return {0xFFFD, 1, false};
  const auto second = static_cast<unsigned char>(bytes[at + 1]);
  if (second < form.second_lowest || second > form.second_highest) return {0xFFFD, 1, false};
  char32_t value = lead & (0x7FU >> form.length);
  value = (value << 6U) | (second & 0x3FU);
  for (std::size_t i = 2; i < form.length; ++i) {
    if (!is_continuation(bytes, at + i)) return {0xFFFD, i, false};
    value = (value << 6U) | (static_cast<unsigned char>(bytes[at + i]) & 0x3FU);
  }
  return {value, form.length, true};
}

/// Unicode 16: C0, DEL and C1 controls; the line and paragraph separators; the directional controls
/// of UAX 9, with which a name can pretend to be another one.
bool is_unseen(char32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool is_direction = c == 0x61C || c == 0x200E || c == 0x200F ||
                            (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return is_control || is_direction;
}

/// Kana, ideographs, their punctuation and full-width forms: written without spaces. Korean has
/// spaces and breaks there.
bool is_unspaced(char32_t c) {
  return (c >= 0x2E80 && c <= 0x312F) || (c >= 0x3190 && c <= 0x9FFF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF01 && c <= 0xFF9F) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

/// A line may end between the two. After Unicode 16, UAX 14: the classes CL, EX, CJ and NS begin no
/// line, OP ends none; at a mark a line may end whatever script stands on its other side.
bool may_break_between(char32_t left, char32_t right) {
  constexpr std::u32string_view kClosing = U"、。，．：；！？」』）】〕〉》］｝〟";
  constexpr std::u32string_view kOpening = U"「『（【〔〈《［｛〝";
  constexpr std::u32string_view kBeginsNone =
      U"・ー々〻゛゜ゝゞヽヾ～％ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ";
  const auto is_one_of = [](char32_t c, std::u32string_view set) {
    return set.find(c) != std::u32string_view::npos;
  };
  if (is_one_of(right, kClosing) || is_one_of(right, kBeginsNone) || is_one_of(left, kOpening))
    return false;
  return is_one_of(left, kClosing) || is_one_of(right, kOpening) ||
         (is_unspaced(left) && is_unspaced(right));
}

/// The part of `word`, which is not empty, before the first place in it where a line may end.
std::string_view first_piece(std::string_view word) {
  Step last = step(word, 0);
  for (std::size_t at = last.length; at < word.size(); at += last.length) {
    const Step next = step(word, at);
    if (may_break_between(last.code_point, next.code_point)) return word.substr(0, at);
    last = next;
  }
  return word;
}

/// Whether the word ends as a number does: "3", "(15", "0.19".
bool is_number(std::string_view word) {
  return word.back() >= '0' && word.back() <= '9';
}

/// Where a number and the unit behind it end, if `text` begins with such; else where its first word
/// ends.
std::size_t end_of_unit(std::string_view text) {
  static constexpr std::array<std::string_view, 13> kUnits{
      "s", "ms", "min", "h", "d", "%", "B", "kB", "MB", "GB", "KiB", "MiB", "GiB"};
  const std::size_t space = std::min(text.find(' '), text.size());
  std::string_view next = text.substr(std::min(space + 1, text.size()));
  next = next.substr(0, next.find(' '));
  const std::string_view unit = next.substr(0, next.find_first_of(",.;:)"));
  const bool is_unit = std::find(kUnits.begin(), kUnits.end(), unit) != kUnits.end();
  return is_unit ? space + 1 + next.size() : space;
}

/// How many bytes from `at` on are ASCII, eight at a time: a lower bound.
std::size_t ascii_from(std::string_view bytes, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t end = at;
  for (std::uint64_t block = 0; bytes.size() - end >= sizeof block; end += sizeof block) {
    std::memcpy(&block, bytes.data() + end, sizeof block);
    if ((block & kHighBits) != 0) break;
  }
  return end - at;
}

}  // namespace

std::optional<std::size_t> first_invalid(std::string_view bytes) noexcept {
  for (std::size_t at = ascii_from(bytes, 0); at < bytes.size();) {
    const Step next = step(bytes, at);
    if (!next.valid) return at;
    at += next.length;
  }
  return std::nullopt;
}

std::string make_valid(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Step next = step(bytes, at);
    if (next.valid) {
      text.append(bytes.substr(at, next.length));
    } else {
      text.append("\xEF\xBF\xBD");
    }
    at += next.length;
  }
  return text;
}

std::string visible(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Step next = step(bytes, at);
    if (!next.valid) {
      text.append("\xEF\xBF\xBD");
    } else if (!is_unseen(next.code_point)) {
      text.append(bytes.substr(at, next.length));
    } else {
      const auto value = static_cast<std::uint32_t>(next.code_point);
      text += value < 0x80 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{{{:x}}}", value);
    }
    at += next.length;
  }
  return text;
}

std::size_t columns(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Step next = step(text, at);
    const int cells = wcwidth(static_cast<wchar_t>(next.code_point));
    width += cells > 0 ? static_cast<std::size_t>(cells) : 0;
    at += next.length;
  }
  return width;
}

std::string wrap(std::string_view text, std::size_t width, std::string_view indent) {
  std::string wrapped;
  std::size_t used = 0;
  bool spaced = false;
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
      spaced = true;
      continue;
    }
    const std::string_view word = text.substr(0, text.find(' '));
    std::string_view piece = first_piece(word);
    if (piece.size() == word.size() && is_number(word)) piece = text.substr(0, end_of_unit(text));
    text.remove_prefix(piece.size());
    const std::size_t cells = columns(piece);
    const bool gap = spaced && used != 0;
    spaced = false;
    if (used != 0 && used + (gap ? 1 : 0) + cells > width) {
      wrapped += '\n';
      wrapped += indent;
      used = 0;
    } else if (gap) {
      wrapped += ' ';
      ++used;
    }
    wrapped += piece;
    used += cells;
  }
  return wrapped;
}

}  // namespace hfauth::utf8
