// SPDX-License-Identifier: Apache-2.0
//
// The three patterns of DeepSeek V3 in one pass. The first two cut the text into stretches: up to
// three digits, runs of ideographs and kana, and what is between; the third sees the end of a
// stretch as the end of its text. A character of the third kind only ever needs its neighbours to
// tell whether the stretch goes on: it ends at a digit and where ideographs begin or end.
#include "pre_tokenizers/character_runs.hpp"
#include "pre_tokenizers/scanners.hpp"

namespace hfauth::tokenizer {

namespace {

using runs::kLetter;
using runs::kMark;
using runs::kNumber;
using runs::kSpace;
using runs::kSymbol;

constexpr std::uint8_t kWord = kLetter | kMark;

struct Character {
  std::uint8_t classes;
  bool is_east;  ///< of the second pattern
  std::size_t end;
};

Character character_at(std::string_view text, std::size_t at) {
  if (runs::is_ascii(text[at])) {
    const runs::Character ascii = runs::character_at(text, at);
    return {ascii.classes, false, ascii.end};
  }
  const unicode::Decoded decoded = unicode::decode_at(text, at);
  const char32_t c = decoded.code_point;
  const bool is_east = (c >= 0x3040 && c <= 0x30FF) || (c >= 0x4E00 && c <= 0x9FA5);
  return {unicode::classes_of(c), is_east, at + decoded.n_bytes};
}

/// The end of the run, within a stretch of this kind, of characters with one of `classes`.
std::size_t run_of(std::uint8_t classes, bool is_east, std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Character next = character_at(text, at);
    if ((next.classes & classes) == 0 || next.is_east != is_east) break;
    at = next.end;
  }
  return at;
}

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t ascii_letters_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_ascii_letter(text[at]))
    ++at;
  return at;
}

std::size_t symbols_end(bool is_east, std::string_view text, std::size_t at) {
  std::size_t end = run_of(kSymbol, is_east, text, at);
  while (!is_east && end > at && end < text.size() && runs::is_newline(text[end]))
    ++end;
  return end;
}

std::size_t space_end(std::string_view text, std::size_t at) {
  const std::size_t end = run_of(kSpace, false, text, at);
  bool nothing_follows = end == text.size();
  if (!nothing_follows) {
    const Character next = character_at(text, end);
    nothing_follows = next.is_east || (next.classes & kNumber) != 0;
  }
  return runs::lines_match(text, at, end, nothing_follows);
}

/// Characters that no alternative matches, from `at` on, whose first one ends at `end`. A last one
/// that leads a word is not one of them.
std::size_t gap_end(bool is_east, std::string_view text, std::size_t end) {
  constexpr std::uint8_t kMatched = kWord | kNumber | kSymbol | kSpace;
  while (end < text.size()) {
    const Character next = character_at(text, end);
    if ((next.classes & kMatched) != 0 || next.is_east != is_east) break;
    if (run_of(kWord, is_east, text, next.end) > next.end) break;
    end = next.end;
  }
  return end;
}

}  // namespace

std::size_t scan_deepseek(std::string_view text, std::size_t at) {
  const Character first = character_at(text, at);
  if ((first.classes & kNumber) != 0) return runs::digits_end<3>(text, first.end);
  if ((first.classes & kWord) != 0) return run_of(kWord, first.is_east, text, first.end);
  if ((first.classes & kSymbol) != 0) {
    const std::size_t end = runs::is_ascii(text[at]) ? ascii_letters_end(text, first.end) : at;
    return end > first.end ? end : symbols_end(first.is_east, text, at);
  }
  if (!runs::is_newline(text[at])) {
    const std::size_t end = run_of(kWord, first.is_east, text, first.end);
    if (end > first.end) return end;
  }
  if (text[at] == ' ') {
    const std::size_t end = symbols_end(false, text, first.end);
    if (end > first.end) return end;
  }
  if ((first.classes & kSpace) != 0) return space_end(text, at);
  return gap_end(first.is_east, text, first.end);
}

}  // namespace hfauth::tokenizer
