// SPDX-License-Identifier: Apache-2.0
//
// Which of a few hundred fixed words stand in a text, in one quick pass: what decides whether the
// expensive patterns are run at all. Letters match in any case (ASCII).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::diagnose {

class LiteralScan {
 public:
  static constexpr std::size_t kShortest = 6;  ///< of a word: it bounds how far the pass may leap

  /// `words` in lower case, each of at least kShortest bytes; the same word may stand for several
  /// rows. Throws Failure (internal) for a shorter one.
  struct Word {
    std::string text;
    std::size_t row;
  };

  explicit LiteralScan(std::vector<Word> words);

  /// Sets seen[row] for every row of which a word stands in `text`. `seen` must be long enough.
  void scan(std::string_view text, std::vector<bool>& seen) const;

 private:
  static constexpr std::size_t kSlots = std::size_t{1} << 15;

  std::vector<Word> words_;                     // sorted by slot
  std::vector<std::uint32_t> heads_;            // first four bytes of each: a test before all of it
  std::array<std::uint8_t, kSlots> leap_{};     // how far the next possible end of a block is
  std::array<std::uint16_t, kSlots + 1> at_{};  // words_[at_[slot]..at_[slot + 1]) end there
};

}  // namespace hfauth::diagnose
