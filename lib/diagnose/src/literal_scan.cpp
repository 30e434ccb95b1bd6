// SPDX-License-Identifier: Apache-2.0
//
// The Wu-Manber algorithm (A fast algorithm for multi-pattern searching, TR-94-17, 1994): the last
// three bytes of a window of kShortest bytes say how far the window may leap without missing a
// word. With n words about n * 4 of 32,768 slots do not allow the whole leap, so most steps go 4
// bytes. A word is looked for by its first kShortest bytes and then compared.
#include "literal_scan.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/error.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kBlock = 3;

// Bit 5 is what tells upper from lower case; other characters may fall together, which costs a
// comparison.
std::size_t slot_of(const char* block) {
  const auto bits = [](char c) { return (static_cast<unsigned char>(c) | 0x20U) & 0x7FU; };
  return ((bits(block[0]) << 10U) ^ (bits(block[1]) << 5U) ^ bits(block[2])) & 0x7FFFU;
}

/// The first four bytes, with bit 5 set: equal words have equal heads, whatever their case.
std::uint32_t head_of(const char* text) {
  std::uint32_t head = 0;
  std::memcpy(&head, text, sizeof head);
  return head | 0x20202020U;
}

bool stands_at(std::string_view text, std::size_t begin, std::string_view word) {
  return text.size() - begin >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(begin),
                    [](char want, char have) { return want == ascii::lower(have); });
}

}  // namespace

LiteralScan::LiteralScan(std::vector<Word> words) : words_(std::move(words)) {
  static constexpr std::size_t kLastBlock = kShortest - kBlock;
  leap_.fill(static_cast<std::uint8_t>(kLastBlock + 1));
  for (const Word& word : words_) {
    if (word.text.size() < kShortest) {
      throw Failure({Errc::internal, "too short to be looked for: " + word.text});
    }
    for (std::size_t i = 0; i <= kLastBlock; ++i) {
      std::uint8_t& leap = leap_[slot_of(word.text.data() + i)];
      leap = std::min(leap, static_cast<std::uint8_t>(kLastBlock - i));
    }
  }
  const auto slot = [](const Word& word) { return slot_of(word.text.data() + kLastBlock); };
  std::stable_sort(words_.begin(), words_.end(),
                   [&slot](const Word& a, const Word& b) { return slot(a) < slot(b); });
  for (const Word& word : words_) {
    ++at_[slot(word) + 1];
    heads_.push_back(head_of(word.text.data()));
  }
  for (std::size_t i = 1; i < at_.size(); ++i) {
    at_[i] = static_cast<std::uint16_t>(at_[i] + at_[i - 1]);
  }
}

void LiteralScan::scan(std::string_view text, std::vector<bool>& seen) const {
  if (text.size() < kShortest) return;
  // Out of line, so that what is done for nearly every window stays in registers.
  const auto look = [&](std::size_t end, std::size_t slot) __attribute__((noinline)) {
    const std::uint32_t head = head_of(text.data() + end - kShortest);
    for (std::size_t i = at_[slot]; i < at_[slot + 1]; ++i) {
      if (heads_[i] == head && !seen[words_[i].row] &&
          stands_at(text, end - kShortest, words_[i].text)) {
        seen[words_[i].row] = true;
      }
    }
  };
  const auto step = [&](std::size_t end) __attribute__((always_inline)) {
    const std::size_t slot = slot_of(text.data() + end - kBlock);
    const std::size_t leap = leap_[slot];
    if (leap != 0) [[likely]]
      return end + leap;
    look(end, slot);
    return end + 1;
  };
  // Where the next window ends is known only when this one was looked up, some 17 cycles later. So
  // four parts of the text are gone through in turns, each by the places where its windows end.
  const std::size_t n_ends = text.size() + 1 - kShortest;
  const auto part = [n_ends](std::size_t i) { return kShortest + n_ends * i / 4; };
  std::size_t first = part(0);
  std::size_t second = part(1);
  std::size_t third = part(2);
  std::size_t fourth = part(3);
  while (first < part(1) && second < part(2) && third < part(3) && fourth < part(4)) {
    first = step(first);
    second = step(second);
    third = step(third);
    fourth = step(fourth);
  }
  for (auto [end, stop] : {std::pair{first, part(1)}, std::pair{second, part(2)},
                           std::pair{third, part(3)}, std::pair{fourth, part(4)}}) {
    while (end < stop)
      end = step(end);
  }
}

}  // namespace hfauth::diagnose
