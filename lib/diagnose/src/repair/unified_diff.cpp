// SPDX-License-Identifier: Apache-2.0
//
// What both texts begin and end with is left out but for three lines on each side. Linear.
#include "unified_diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace hfauth::diagnose {
namespace {

constexpr std::size_t kContext = 3;

/// With their line breaks.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

void put(std::string& diff, char mark, std::string_view line) {
  diff += mark;
  diff += line;
  if (!line.ends_with('\n')) diff += "\n\\ No newline at end of file\n";
}

/// "12,7"; what is empty is named by the line before it.
std::string range(std::size_t first, std::size_t count) {
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view name) {
  if (before == after) return "";
  const std::vector<std::string_view> old_lines = lines_of(before);
  const std::vector<std::string_view> new_lines = lines_of(after);
  const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
  std::size_t head = 0;
  while (head < shorter && old_lines[head] == new_lines[head])
    ++head;
  std::size_t tail = 0;
  while (tail < shorter - head &&
         old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail])
    ++tail;
  const std::size_t first = head - std::min(head, kContext);
  const std::size_t trailing = std::min(tail, kContext);
  const std::size_t old_end = old_lines.size() - tail;
  const std::size_t new_end = new_lines.size() - tail;
  std::string diff = fmt::format("--- {0}\n+++ {0}\n@@ -{1} +{2} @@\n", name,
                                 range(first, old_end + trailing - first),
                                 range(first, new_end + trailing - first));
  for (std::size_t i = first; i < head; ++i)
    put(diff, ' ', old_lines[i]);
  for (std::size_t i = head; i < old_end; ++i)
    put(diff, '-', old_lines[i]);
  for (std::size_t i = head; i < new_end; ++i)
    put(diff, '+', new_lines[i]);
  for (std::size_t i = old_end; i < old_end + trailing; ++i)
    put(diff, ' ', old_lines[i]);
  return diff;
}

}  // namespace hfauth::diagnose
