// SPDX-License-Identifier: Apache-2.0
//
// The alternatives of a pattern are tried in order, as a backtracking engine would, but each needs
// at most one pass: where the engine gives characters back (`\s+(?!\S)`, `\s*[\r\n]+`) the place it
// ends up at is known from the run of white space. So a text of n bytes takes O(n), also one that
// makes the engine quadratic. Checked against Oniguruma on exhaustive short and on random texts
// (scanner_test.cpp) and by the fuzzer (scanners_fuzz.cpp).
#include "pre_tokenizers/scanners.hpp"

#include "pre_tokenizers/character_runs.hpp"

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

using runs::Character;
using runs::character_at;
using runs::kLetter;
using runs::kLower;
using runs::kMark;
using runs::kNumber;
using runs::kSpace;
using runs::kUpper;

/// ` ?[^\s word \p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with `slash` `[\r\n/]*`. `first` begins
/// at `at` and is neither of `word` nor a number.
template <std::uint8_t word, bool slash>
std::size_t others_or_space_end(std::string_view text, std::size_t at, const Character& first) {
  const std::size_t others_begin = text[at] == ' ' ? first.end : at;
  std::size_t end = runs::run_without<word | kNumber | kSpace>(text, others_begin);
  if (end > others_begin) {
    while (end < text.size() && (runs::is_newline(text[end]) || (slash && text[end] == '/')))
      ++end;
    return end;
  }
  end = runs::run_of<kSpace>(text, first.end);
  return runs::lines_match(text, at, end, end == text.size());
}

/// cl100k and its relatives. `word` are the classes of which words consist.
template <std::uint8_t word, unsigned most_digits>
std::size_t scan_words(std::string_view text, std::size_t at) {
  const char byte = text[at];
  if (byte == '\'') {
    const std::size_t end = runs::contraction_end<true>(text, at + 1);
    if (end > at + 1) return end;
  }
  const Character first = character_at(text, at);
  if ((first.classes & word) != 0) return runs::run_of<word>(text, first.end);
  if ((first.classes & kNumber) != 0) return runs::digits_end<most_digits>(text, first.end);
  if (!runs::is_newline(byte) && first.end < text.size()) {
    const std::size_t end = runs::run_of<word>(text, first.end);
    if (end > first.end) return end;
  }
  return others_or_space_end<word, false>(text, at, first);
}

/// [\p{Ll}\p{Lm}\p{Lo}\p{M}] of o200k.
bool in_lower_part(std::uint8_t classes) {
  return (classes & (kLower | kMark)) != 0 || (classes & (kLetter | kUpper)) == kLetter;
}

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] of o200k.
bool in_upper_part(std::uint8_t classes) {
  return (classes & (kUpper | kMark)) != 0 || (classes & (kLetter | kLower)) == kLetter;
}

/// `upper* lower+` at `at`, or `at` if it does not match. If nothing of `lower` follows the run of
/// `upper`, the engine gives back up to the last character that is in both.
std::size_t lower_word_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  std::size_t behind_caseless = at;
  while (end < text.size()) {
    const Character next = character_at(text, end);
    if (!in_upper_part(next.classes)) {
      if (in_lower_part(next.classes)) return runs::run_while(text, next.end, in_lower_part);
      break;
    }
    end = next.end;
    if (in_lower_part(next.classes)) behind_caseless = end;
  }
  return behind_caseless;
}

/// A word of o200k at `at`, `first` being its first character; `at` if there is none. The pattern
/// tries a word with a small letter first, with a leading character before without one.
std::size_t cased_word_end(std::string_view text, std::size_t at, const Character& first) {
  const bool may_lead = (first.classes & (kLetter | kNumber)) == 0 && !runs::is_newline(text[at]);
  const std::size_t behind = first.end;
  if (may_lead) {
    if (const std::size_t end = lower_word_end(text, behind); end > behind) return end;
  }
  if (const std::size_t end = lower_word_end(text, at); end > at) return end;
  if (may_lead) {
    if (const std::size_t end = runs::run_while(text, behind, in_upper_part); end > behind)
      return end;
  }
  return runs::run_while(text, at, in_upper_part);
}

/// o200k and its relatives.
template <bool contractions, unsigned most_digits>
std::size_t scan_cased(std::string_view text, std::size_t at) {
  const Character first = character_at(text, at);
  if ((first.classes & kNumber) != 0) return runs::digits_end<most_digits>(text, first.end);
  const std::size_t word_end = cased_word_end(text, at, first);
  if (word_end > at) {
    if (!contractions || word_end == text.size() || text[word_end] != '\'') return word_end;
    const std::size_t end = runs::contraction_end<true>(text, word_end + 1);
    return end > word_end + 1 ? end : word_end;
  }
  return others_or_space_end<kLetter, true>(text, at, first);
}

}  // namespace

std::size_t scan_gpt2(std::string_view text, std::size_t at) {
  constexpr std::uint8_t kAny = kLetter | kNumber | kSpace;
  if (text[at] == '\'') {
    const std::size_t end = runs::contraction_end<false>(text, at + 1);
    if (end > at + 1) return end;
  }
  const Character first = character_at(text, at);
  const bool leading_space = text[at] == ' ' && at + 1 < text.size();
  const Character next = leading_space ? character_at(text, at + 1) : first;
  if ((next.classes & kSpace) == 0) {
    if ((next.classes & kLetter) != 0) return runs::run_of<kLetter>(text, next.end);
    if ((next.classes & kNumber) != 0) return runs::run_of<kNumber>(text, next.end);
    return runs::run_without<kAny>(text, next.end);
  }
  const std::size_t end = runs::run_of<kSpace>(text, next.end);
  return runs::spaces_match(text, at, end, end == text.size());
}

std::size_t scan_cl100k(std::string_view text, std::size_t at) {
  return scan_words<kLetter, 3>(text, at);
}

std::size_t scan_qwen2(std::string_view text, std::size_t at) {
  return scan_words<kLetter, 1>(text, at);
}

std::size_t scan_qwen35(std::string_view text, std::size_t at) {
  return scan_words<kLetter | kMark, 1>(text, at);
}

std::size_t scan_o200k(std::string_view text, std::size_t at) {
  return scan_cased<true, 3>(text, at);
}

std::size_t scan_tekken(std::string_view text, std::size_t at) {
  return scan_cased<false, 1>(text, at);
}

std::size_t scan_clip(std::string_view text, std::size_t at) {
  if (text[at] == '\'') {
    const std::size_t end = runs::contraction_end<false>(text, at + 1);
    if (end > at + 1) return end;
  }
  const Character first = character_at(text, at);
  if ((first.classes & kLetter) != 0) return runs::run_of<kLetter>(text, first.end);
  if ((first.classes & kNumber) != 0) return first.end;
  if ((first.classes & kSpace) != 0) return runs::run_of<kSpace>(text, first.end);
  return runs::run_without<kLetter | kNumber | kSpace>(text, first.end);
}

std::size_t scan_marked_clip(std::string_view text, std::size_t at) {
  for (const std::string_view mark : {"<|startoftext|>", "<|endoftext|>"}) {
    if (text.substr(at).starts_with(mark)) return at + mark.size();
  }
  return scan_clip(text, at);
}

std::optional<Scanner> scanner_for(std::string_view pattern) {
  struct Known {
    std::string_view pattern;
    Scanner scanner;
  };

  static constexpr Known kKnown[] = {
      {kGpt2Pattern, {&scan_gpt2}},       {kCl100kPattern, {&scan_cl100k}},
      {kQwen2Pattern, {&scan_qwen2}},     {kQwen35Pattern, {&scan_qwen35}},
      {kO200kPattern, {&scan_o200k}},     {kTekkenPattern, {&scan_tekken}},
      {kClipPattern, {&scan_clip, true}}, {kMarkedClipPattern, {&scan_marked_clip, true}}};
  for (const Known& known : kKnown) {
    if (pattern == known.pattern) return known.scanner;
  }
  return std::nullopt;
}

std::optional<Scanner> scanner_for(std::span<const std::string_view> patterns) {
  if (patterns.size() == 1) return scanner_for(patterns[0]);
  if (std::equal(patterns.begin(), patterns.end(), std::begin(kDeepSeekPatterns),
                 std::end(kDeepSeekPatterns))) {
    return Scanner{&scan_deepseek};
  }
  return std::nullopt;
}

}  // namespace hfauth::tokenizer
