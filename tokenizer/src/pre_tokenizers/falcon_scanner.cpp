// SPDX-License-Identifier: Apache-2.0
//
// Falcon's four stages in one pass. Punctuation bounds the text that the pattern of GPT-2 sees, so
// no contraction is ever found (its apostrophe stands alone), and white space in front of
// punctuation ends a text. The stage of digits sees the byte-level spelling, in which six bytes of
// longer characters are spelled by characters that are numeric (superscripts and fractions): it
// cuts there, within characters. A place within a character is in a piece of the kind of that
// character, because no white space has such bytes.
#include "pre_tokenizers/character_runs.hpp"
#include "pre_tokenizers/scanners.hpp"
#include "unicode/mappings.hpp"

namespace hfauth::tokenizer {

namespace {

using runs::kLetter;
using runs::kNumber;
using runs::kSpace;
using runs::kSymbol;

struct Character {
  std::uint8_t classes;
  bool is_punctuation;
  std::size_t end;
};

Character character_at(std::string_view text, std::size_t at) {
  if (runs::is_ascii(text[at])) {
    const runs::Character ascii = runs::character_at(text, at);
    return {ascii.classes, (ascii.classes & kSymbol) != 0, ascii.end};
  }
  const unicode::Decoded decoded = unicode::decode_at(text, at);
  const std::uint8_t classes = unicode::classes_of(decoded.code_point);
  // Punctuation is of an older Unicode, but no letter, number or space was any.
  return {classes, (classes & kSymbol) != 0 && unicode::is_punctuation(decoded.code_point),
          at + decoded.n_bytes};
}

template <class Belongs>
std::size_t run_while(std::string_view text, std::size_t at, Belongs belongs) {
  while (at < text.size()) {
    const Character next = character_at(text, at);
    if (!belongs(next)) return at;
    at = next.end;
  }
  return at;
}

bool is_other(const Character& c) {
  return (c.classes & (kLetter | kNumber | kSpace)) == 0 && !c.is_punctuation;
}

/// The end of the piece of GPT-2's pattern, or of the run of punctuation, that `at` is in.
std::size_t word_end(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (unicode::is_continuation(text[begin]))
    --begin;
  Character first = character_at(text, begin);
  if (first.is_punctuation)
    return run_while(text, first.end, [](const Character& c) { return c.is_punctuation; });
  if (text[begin] == ' ' && first.end < text.size()) {
    const Character next = character_at(text, first.end);
    if (!next.is_punctuation && (next.classes & kSpace) == 0) first = next;
  }
  if ((first.classes & kLetter) != 0) return runs::run_of<kLetter>(text, first.end);
  if ((first.classes & kNumber) != 0) return runs::run_of<kNumber>(text, first.end);
  if ((first.classes & kSpace) == 0) return run_while(text, first.end, is_other);
  const std::size_t end = runs::run_of<kSpace>(text, first.end);
  return runs::spaces_match(text, begin, end,
                            end == text.size() || character_at(text, end).is_punctuation);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Whether a byte is spelled by a character that is numeric.
bool is_numeric(char c) {
  switch (static_cast<unsigned char>(c)) {
    case 0xB2:
    case 0xB3:
    case 0xB9:
    case 0xBC:
    case 0xBD:
    case 0xBE:
      return true;
    default:
      return is_digit(c);
  }
}

bool has_three_digits(std::string_view run, std::size_t at) {
  return at + 3 <= run.size() && is_digit(run[at]) && is_digit(run[at + 1]) &&
         is_digit(run[at + 2]);
}

}  // namespace

std::size_t scan_falcon(std::string_view text, std::size_t at) {
  const std::size_t limit = word_end(text, at);
  const bool numeric = is_numeric(text[at]);
  std::size_t end = at + 1;
  while (end < limit && is_numeric(text[end]) == numeric)
    ++end;
  if (!numeric) return end;
  const std::string_view run = text.substr(0, end);
  if (has_three_digits(run, at)) return at + 3;
  std::size_t stop = at + 1;
  while (stop < end && !has_three_digits(run, stop))
    ++stop;
  return stop;
}

}  // namespace hfauth::tokenizer
