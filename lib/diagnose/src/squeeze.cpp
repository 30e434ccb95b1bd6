// SPDX-License-Identifier: Apache-2.0
//
// One pass over each line: prefix off, then a copy without white space. Only a line that holds a
// byte of an escape, a control sequence (ECMA-48 CSI and OSC), box-drawing characters (the panels
// of Python's "rich" tracebacks), typographic quotes or spaces is looked at more closely.
#include "squeeze.hpp"

#include "hfauth/core/ascii.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "log_prefix.hpp"
#include "unescape.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace hfauth::diagnose {
namespace {

// What a byte means for the copy.
constexpr std::uint8_t kCopied = 1;
constexpr std::uint8_t kSpecial = 2;

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    classes[i] = ascii::is_space(static_cast<char>(i)) ? 0 : kCopied;
  }
  for (const char c : {'\\', '<', '&', '\x1b', '\xC2', '\xE2', '\xEF'}) {
    classes[static_cast<unsigned char>(c)] = kCopied | kSpecial;
  }
  return classes;
}

constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

// Of the first line of `text`: the offset of its CR or LF, or npos.
std::size_t line_end(std::string_view text) {
  const void* const newline = std::memchr(text.data(), '\n', text.size());
  const std::size_t end =
      newline == nullptr
          ? text.size()
          : static_cast<std::size_t>(static_cast<const char*>(newline) - text.data());
  const void* const redraw = std::memchr(text.data(), '\r', end);
  if (redraw != nullptr) {
    return static_cast<std::size_t>(static_cast<const char*>(redraw) - text.data());
  }
  return newline == nullptr ? std::string_view::npos : end;
}

// Appends `line` without its white space. Whether it holds a byte that needs a closer look.
bool append_squeezed(std::string& out, std::string_view line) {
  const std::size_t begin = out.size();
  out.resize(begin + line.size());
  char* to = out.data() + begin;
  std::uint8_t seen = 0;
  for (const char c : line) {
    const std::uint8_t kind = kClasses[static_cast<unsigned char>(c)];
    seen |= kind;
    *to = c;
    to += kind & kCopied;
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return (seen & kSpecial) != 0;
}

// The length of the control sequence at the start of `text`, which begins with ESC.
std::size_t control_sequence_length(std::string_view text) {
  if (text.size() < 2) {
    return 1;
  }
  if (text[1] == '[') {
    std::size_t i = 2;
    while (i < text.size() && (text[i] < '@' || text[i] > '~')) {
      ++i;
    }
    return std::min(i + 1, text.size());
  }
  if (text[1] == ']') {
    const std::size_t end = text.find_first_of("\a\x1b", 2);
    return end == std::string_view::npos
               ? text.size()
               : end + (text[end] == '\x1b' && end + 1 < text.size() ? 2 : 1);
  }
  return 2;
}

// U+2500 to U+257F, U+FEFF, spaces of web pages (U+00A0, U+2000 to U+200B, U+202F) and typographic
// quotes: their length, and what stays of them (0: nothing).
std::pair<std::size_t, char> read_ornament(std::string_view text) {
  if (text.starts_with("\xC2\xA0")) {
    return {2, '\0'};
  }
  if (text.size() < 3) {
    return {0, '\0'};
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  if (text[0] == '\xE2' && (second == 0x94 || second == 0x95)) {
    return {3, '\0'};
  }
  if (text[0] == '\xE2' && second == 0x80) {
    if ((third >= 0x80 && third <= 0x8B) || third == 0xAF) {
      return {3, '\0'};
    }
    if (third == 0x98 || third == 0x99) {
      return {3, '\''};
    }
    if (third == 0x9C || third == 0x9D) {
      return {3, '"'};
    }
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return {3, '\0'};
  }
  return {0, '\0'};
}

// The same for a line with special bytes.
void append_squeezed_closely(std::string& out, std::string_view line) {
  for (std::size_t i = 0; i < line.size();) {
    const char c = line[i];
    if (c == '\x1b') {
      i += control_sequence_length(line.substr(i));
    } else if (c == '\xC2' || c == '\xE2' || c == '\xEF') {
      const auto [length, stays] = read_ornament(line.substr(i));
      if (length == 0) {
        out.push_back(c);
      } else if (stays != '\0') {
        out.push_back(stays);
      }
      i += std::max<std::size_t>(length, 1);
    } else {
      if (!ascii::is_space(c)) {
        out.push_back(c);
      }
      ++i;
    }
  }
}

// The first key of each cell, as notebooks are written.
constexpr std::string_view kCell = "\"cell_type\"";

// What was one line may have been several, with prefixes of their own.
void append_unescaped(std::string& out, std::string_view line) {
  std::string plain = unescape(line);
  if (plain.find_first_of("&<") != std::string::npos) {
    plain = unescape(plain);  // a page within a page
  }
  std::string_view rest = plain;
  while (!rest.empty()) {
    std::string_view part = take_until(rest, '\n');
    while (part.starts_with('\x1b')) {
      part.remove_prefix(control_sequence_length(part));
    }
    append_squeezed_closely(out, without_prefix(part));
  }
}

}  // namespace

void Squeezer::squeeze_line(std::string_view line) {
  static constexpr std::size_t kKeptOfLine = 128;  // longer than any prefix
  line = without_array_quotes(line);
  if (!open_line_) {
    const std::size_t prefix = common_prefix(line, previous_);
    previous_ = line.substr(0, kKeptOfLine);
    line.remove_prefix(prefix);
  }
  line = without_array_quotes(without_prefix(line));
  const std::size_t begin = bytes_.size();
  if (line.starts_with(kCell)) {
    cell_starts_.push_back(base_ + begin);
  }
  if (append_squeezed(bytes_, line)) {
    bytes_.resize(begin);
    append_unescaped(bytes_, line);
  }
}

void Squeezer::feed(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = line_end(text);
    if (!open_line_) {
      const std::size_t offset = base_ + bytes_.size();
      if (!line_starts_.empty() && line_starts_.back().first == offset) {
        line_starts_.pop_back();  // a line that left nothing, so that a flood of empty lines takes
                                  // no memory
      }
      line_starts_.emplace_back(offset, finished_lines_ + 1);
    }
    squeeze_line(text.substr(0, end));
    if (end == std::string_view::npos) {
      open_line_ = true;
      return;
    }
    // A lone CR redraws the line (progress bars): the same line as far as its number goes.
    const bool ends_line = text[end] == '\n';
    finished_lines_ += ends_line ? 1 : 0;
    open_line_ = !ends_line;
    text.remove_prefix(end + 1);
  }
}

void Squeezer::forget_before(std::size_t offset) {
  if (offset <= base_) {
    return;
  }
  const std::size_t count = std::min(offset - base_, bytes_.size());
  bytes_.erase(0, count);
  base_ += count;
  while (line_starts_.size() > 1 && line_starts_[1].first <= base_) {
    line_starts_.pop_front();
  }
  while (!cell_starts_.empty() && cell_starts_.front() <= base_) {
    cell_starts_.pop_front();
    ++cells_before_;
  }
}

std::size_t Squeezer::cell_of(std::size_t offset) const {
  const auto after = std::upper_bound(cell_starts_.begin(), cell_starts_.end(), offset);
  return cells_before_ + static_cast<std::size_t>(after - cell_starts_.begin());
}

std::size_t Squeezer::line_of(std::size_t offset) const {
  const auto after =
      std::upper_bound(line_starts_.begin(), line_starts_.end(), offset,
                       [](std::size_t wanted, const auto& start) { return wanted < start.first; });
  return after == line_starts_.begin() ? 1 : std::prev(after)->second;
}

}  // namespace hfauth::diagnose
