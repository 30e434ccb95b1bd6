// SPDX-License-Identifier: Apache-2.0
//
// A set of literal strings to be found in a text, leftmost first and of those the longest.
// Immutable once built.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hfauth::tokenizer {

class PatternSet {
 public:
  struct Match {
    std::size_t begin;
    std::size_t end;
    std::uint32_t value;
  };

  PatternSet() = default;
  /// (string, value) pairs. An empty string is never found; of equal ones the first is.
  explicit PatternSet(std::vector<std::pair<std::string, std::uint32_t>> patterns);

  /// The first match that begins at or after `from`.
  [[nodiscard]] std::optional<Match> find(std::string_view text, std::size_t from) const;

  [[nodiscard]] bool empty() const noexcept { return patterns_.empty(); }

 private:
  /// The first place at or after `from` whose byte begins some pattern; text.size() if none.
  [[nodiscard]] std::size_t next_candidate(std::string_view text, std::size_t from) const noexcept;
  [[nodiscard]] std::optional<Match> longest_at(std::string_view text, std::size_t at) const;

  std::vector<std::pair<std::string, std::uint32_t>> patterns_;  ///< sorted by string
  std::array<std::uint32_t, 257>
      first_by_byte_{};  ///< patterns that begin with byte b: [b], [b + 1])
  std::optional<char> only_first_byte_;
};

}  // namespace hfauth::tokenizer
