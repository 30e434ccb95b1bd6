// SPDX-License-Identifier: Apache-2.0
//
// The sorted list of patterns serves as a trie: at a candidate place the range of patterns that
// agree with the text so far is narrowed byte by byte, by binary search. Candidates are found by
// the first byte, with memchr if all patterns share it, as `<|...|>` do. O(n) for texts without
// candidates, O(n * longest pattern * log patterns) at worst; the answers are those of an
// Aho-Corasick automaton with leftmost-longest matching.
#include "added_tokens/pattern_set.hpp"

#include <algorithm>
#include <cstring>

namespace hfauth::tokenizer {

PatternSet::PatternSet(std::vector<std::pair<std::string, std::uint32_t>> patterns)
    : patterns_(std::move(patterns)) {
  std::erase_if(patterns_, [](const auto& pattern) { return pattern.first.empty(); });
  std::sort(patterns_.begin(), patterns_.end());
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  patterns_.erase(std::unique(patterns_.begin(), patterns_.end(), same), patterns_.end());
  for (const auto& [text, value] : patterns_)
    ++first_by_byte_[static_cast<unsigned char>(text[0]) + 1U];
  for (std::size_t i = 1; i < first_by_byte_.size(); ++i)
    first_by_byte_[i] += first_by_byte_[i - 1];
  if (!patterns_.empty() && patterns_.front().first[0] == patterns_.back().first[0]) {
    only_first_byte_ = patterns_.front().first[0];
  }
}

std::size_t PatternSet::next_candidate(std::string_view text, std::size_t from) const noexcept {
  if (only_first_byte_) {
    const std::size_t found = text.find(*only_first_byte_, from);
    return found == std::string_view::npos ? text.size() : found;
  }
  while (from < text.size()) {
    const auto byte = static_cast<unsigned char>(text[from]);
    if (first_by_byte_[byte] != first_by_byte_[byte + 1U]) return from;
    ++from;
  }
  return text.size();
}

std::optional<PatternSet::Match> PatternSet::longest_at(std::string_view text,
                                                        std::size_t at) const {
  const auto first = static_cast<unsigned char>(text[at]);
  std::size_t low = first_by_byte_[first];
  std::size_t high = first_by_byte_[first + 1U];
  std::optional<Match> longest;
  for (std::size_t depth = 1; low < high; ++depth) {
    if (patterns_[low].first.size() == depth) {
      longest = Match{at, at + depth, patterns_[low].second};
      ++low;
    }
    if (at + depth >= text.size()) break;
    const auto wanted = static_cast<unsigned char>(text[at + depth]);
    const auto begin = patterns_.begin();
    const auto byte_of = [depth](const auto& pattern) {
      return static_cast<unsigned char>(pattern.first[depth]);
    };
    const auto from = std::partition_point(
        begin + static_cast<std::ptrdiff_t>(low), begin + static_cast<std::ptrdiff_t>(high),
        [&](const auto& pattern) { return byte_of(pattern) < wanted; });
    const auto to =
        std::partition_point(from, begin + static_cast<std::ptrdiff_t>(high),
                             [&](const auto& pattern) { return byte_of(pattern) == wanted; });
    low = static_cast<std::size_t>(from - begin);
    high = static_cast<std::size_t>(to - begin);
  }
  return longest;
}

std::optional<PatternSet::Match> PatternSet::find(std::string_view text, std::size_t from) const {
  if (patterns_.empty()) return std::nullopt;
  for (std::size_t at = next_candidate(text, from); at < text.size();
       at = next_candidate(text, at + 1)) {
    if (const std::optional<Match> match = longest_at(text, at)) return match;
  }
  return std::nullopt;
}

}  // namespace hfauth::tokenizer
