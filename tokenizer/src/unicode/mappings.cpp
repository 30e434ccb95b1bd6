// SPDX-License-Identifier: Apache-2.0
//
// Look-ups in the sorted tables by binary search, behind a flag that answers most questions first.
// Hangul syllables are computed (Unicode, section 3.12).
#include "unicode/mappings.hpp"

#include <algorithm>
#include <span>

namespace hfauth::tokenizer::unicode {

namespace {

constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeading = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTrailing = 0x11A7;  // one before the first
constexpr char32_t kLeadingCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTrailingCount = 28;
constexpr char32_t kSyllableCount = kLeadingCount * kVowelCount * kTrailingCount;

bool is_syllable(char32_t c) noexcept {
  return c >= kSyllables && c < kSyllables + kSyllableCount;
}

std::u32string_view find(std::span<const tables::Mapping> mappings, char32_t c) noexcept {
  const auto found = std::lower_bound(
      mappings.begin(), mappings.end(), c,
      [](const tables::Mapping& mapping, char32_t key) { return mapping.from < key; });
  if (found == mappings.end() || found->from != c) return {};
  return {tables::kMappingPool + found->place, found->length};
}

std::uint8_t find(std::span<const tables::ValueRange> ranges, char32_t c) noexcept {
  const auto after = std::upper_bound(
      ranges.begin(), ranges.end(), c,
      [](char32_t key, const tables::ValueRange& range) { return key < range.first; });
  if (after == ranges.begin() || std::prev(after)->last < c) return 0;
  return std::prev(after)->value;
}

char32_t compose_hangul(char32_t first, char32_t second) noexcept {
  if (first >= kLeading && first < kLeading + kLeadingCount && second >= kVowels &&
      second < kVowels + kVowelCount) {
    return kSyllables + ((first - kLeading) * kVowelCount + second - kVowels) * kTrailingCount;
  }
  if (is_syllable(first) && (first - kSyllables) % kTrailingCount == 0 && second > kTrailing &&
      second < kTrailing + kTrailingCount) {
    return first + second - kTrailing;
  }
  return 0;
}

}  // namespace

std::u32string_view lowercase_of(char32_t code_point) noexcept {
  if (!has_flag(code_point, tables::kLowercasesFlag)) return {};
  return find(tables::kLowercaseMappings, code_point);
}

std::u32string_view decomposition_of(char32_t code_point, bool compatible,
                                     HangulParts& hangul) noexcept {
  if (!has_flag(code_point, tables::kDecomposesFlag)) return {};
  if (is_syllable(code_point)) {
    const char32_t index = code_point - kSyllables;
    hangul = {kLeading + index / (kVowelCount * kTrailingCount),
              kVowels + index / kTrailingCount % kVowelCount, kTrailing + index % kTrailingCount};
    return {hangul.data(), index % kTrailingCount == 0 ? 2U : 3U};
  }
  if (compatible) {
    const std::u32string_view found = find(tables::kCompatibleMappings, code_point);
    if (!found.empty()) return found;
  }
  return find(tables::kCanonicalMappings, code_point);
}

char32_t composition_of(char32_t first, char32_t second) noexcept {
  if (const char32_t syllable = compose_hangul(first, second)) return syllable;
  const std::pair wanted(first, second);
  const auto found = std::lower_bound(
      tables::kCompositions.begin(), tables::kCompositions.end(), wanted,
      [](const tables::Composition& entry, const std::pair<char32_t, char32_t>& key) {
        return std::pair(entry.first, entry.second) < key;
      });
  if (found == tables::kCompositions.end() || found->first != first || found->second != second)
    return 0;
  return found->composed;
}

std::uint8_t combining_class(char32_t code_point) noexcept {
  if (!has_flag(code_point, tables::kHasClassFlag)) return 0;
  return find(tables::kCombiningClasses, code_point);
}

std::uint8_t script_of(char32_t code_point) noexcept {
  return find(tables::kScripts, code_point);
}

}  // namespace hfauth::tokenizer::unicode
