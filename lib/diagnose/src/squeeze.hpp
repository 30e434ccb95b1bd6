// SPDX-License-Identifier: Apache-2.0
//
// Text reduced to what a message's wording is: no white space at all, no colour codes, no log
// prefixes, no box lines, escapes undone. A message then reads the same however a terminal, a
// notebook, a log or a chat has wrapped it, and a signature needs one spelling. Keeps which line
// each byte came from. Linear time; masked text only goes in.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

namespace hfauth::diagnose {

class Squeezer {
 public:
  /// Takes the next piece of text: whole lines, but for the last piece and for lines of more than
  /// 64 KiB.
  void feed(std::string_view text);

  /// The squeezed bytes that are still held; byte i has the absolute offset base() + i.
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

  [[nodiscard]] std::size_t base() const noexcept { return base_; }

  /// Forgets all held bytes before the absolute offset.
  void forget_before(std::size_t offset);

  /// The 1-based line of an absolute offset that is still held.
  [[nodiscard]] std::size_t line_of(std::size_t offset) const;

  /// The 1-based cell of a notebook's file that an absolute offset that is still held is in, by its
  /// "cell_type" lines; 0: the text is no such file.
  [[nodiscard]] std::size_t cell_of(std::size_t offset) const;

  /// Lines fed so far; a last line without a line break counts.
  [[nodiscard]] std::size_t lines() const noexcept {
    return finished_lines_ + (open_line_ ? 1 : 0);
  }

 private:
  void squeeze_line(std::string_view line);

  std::string previous_;  // the beginning of the line before, as it was fed

  std::string bytes_;
  std::size_t base_ = 0;
  std::deque<std::pair<std::size_t, std::size_t>> line_starts_;  // absolute offset, line
  std::deque<std::size_t> cell_starts_;  // absolute offsets of those that are still held
  std::size_t cells_before_ = 0;         // how many begin before the first of them
  std::size_t finished_lines_ = 0;
  bool open_line_ = false;
};

}  // namespace hfauth::diagnose
