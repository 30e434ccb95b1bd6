// SPDX-License-Identifier: Apache-2.0
//
// The pattern is read once into steps, then matched with one place to come back to: the last `*`.
// That suffices because whatever an earlier `*` could take, the last one can take as well.
#include "hfauth/hub/file_filter.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hfauth::hub {
namespace {

using Text = std::u32string;

/// Code points; a byte that begins no whole sequence stands for itself beyond Unicode's range.
Text decoded(std::string_view bytes) {
  constexpr char32_t kLoneByte = 0x110000;
  Text text;
  text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xE0) == 0xC0 ? 2
                               : (lead & 0xF0) == 0xE0 ? 3
                               : (lead & 0xF8) == 0xF0 ? 4
                                                       : 0;
    char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    bool is_whole = length > 0 && i + length <= bytes.size();
    for (std::size_t k = 1; is_whole && k < length; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i + k]);
      is_whole = (next & 0xC0) == 0x80;
      point = point << 6U | (next & 0x3FU);
    }
    text += is_whole ? point : kLoneByte + lead;
    i += is_whole ? length : 1;
  }
  return text;
}

struct Step {
  enum class Kind { any_text, any_one, one, set } kind = Kind::one;
  char32_t character = 0;
  std::vector<std::pair<char32_t, char32_t>> ranges;
  bool is_negated = false;

  [[nodiscard]] bool takes(char32_t c) const {
    if (kind == Kind::any_one) return true;
    if (kind == Kind::one) return c == character;
    const bool in_set = std::any_of(ranges.begin(), ranges.end(), [c](const auto& range) {
      return range.first <= c && c <= range.second;
    });
    return in_set != is_negated;
  }
};

/// What stands between brackets, a leading "!" removed. "a-c" is a range; a hyphen at an end is
/// itself; a range that runs backwards is empty (its ends vanish).
std::vector<std::pair<char32_t, char32_t>> set_ranges(std::u32string_view inside) {
  std::vector<Text> chunks;
  std::size_t begin = 0;
  for (std::size_t at = inside.find(U'-', 1); at != Text::npos; at = inside.find(U'-', at + 3)) {
    chunks.emplace_back(inside.substr(begin, at - begin));
    begin = at + 1;
    if (at + 3 > inside.size()) break;
  }
  if (begin < inside.size() || chunks.empty()) {
    chunks.emplace_back(inside.substr(begin));
  } else {
    chunks.back() += U'-';
  }
  for (std::size_t k = chunks.size() - 1; k > 0; --k) {
    if (chunks[k - 1].back() <= chunks[k].front()) continue;
    chunks[k - 1].pop_back();
    chunks[k - 1] += chunks[k].substr(1);
    chunks.erase(chunks.begin() + static_cast<std::ptrdiff_t>(k));
  }
  std::vector<std::pair<char32_t, char32_t>> ranges;
  for (std::size_t k = 0; k < chunks.size(); ++k) {
    for (const char32_t c : chunks[k])
      ranges.emplace_back(c, c);
    if (k > 0 && !chunks[k - 1].empty() && !chunks[k].empty())
      ranges.emplace_back(chunks[k - 1].back(), chunks[k].front());
  }
  return ranges;
}

std::vector<Step> parse(const Text& pattern) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    Step step{.character = pattern[i], .ranges = {}};
    if (pattern[i] == U'*') {
      step.kind = Step::Kind::any_text;
      if (!steps.empty() && steps.back().kind == Step::Kind::any_text) continue;
    } else if (pattern[i] == U'?') {
      step.kind = Step::Kind::any_one;
    } else if (pattern[i] == U'[') {
      std::size_t first = i + 1;
      const bool is_negated = first < pattern.size() && pattern[first] == U'!';
      if (is_negated) ++first;
      // A "]" that comes first is a member of the set.
      const std::size_t close = pattern.find(U']', std::min(first + 1, pattern.size()));
      if (close != Text::npos) {
        step.kind = Step::Kind::set;
        step.is_negated = is_negated;
        step.ranges = set_ranges(std::u32string_view(pattern).substr(first, close - first));
        i = close;
      }
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::string with_slashes(std::string_view text) {
  std::string changed(text);
  std::replace(changed.begin(), changed.end(), '\\', '/');
  return changed;
}

bool matches_any(const std::string& path, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& given) {
    std::string pattern = with_slashes(given);
    if (pattern.ends_with('/')) pattern += '*';
    return matches_glob(path, pattern);
  });
}

}  // namespace

bool matches_glob(std::string_view text, std::string_view pattern) {
  const Text characters = decoded(text);
  const std::vector<Step> steps = parse(decoded(pattern));
  std::size_t at = 0;
  std::size_t step = 0;
  std::size_t star = Text::npos;  // the step behind the last `*`, and what it has taken up to
  std::size_t taken = 0;
  while (at < characters.size()) {
    if (step < steps.size() && steps[step].kind == Step::Kind::any_text) {
      star = ++step;
      taken = at;
    } else if (step < steps.size() && steps[step].takes(characters[at])) {
      ++step;
      ++at;
    } else if (star != Text::npos) {
      step = star;
      at = ++taken;
    } else {
      return false;
    }
  }
  while (step < steps.size() && steps[step].kind == Step::Kind::any_text)
    ++step;
  return step == steps.size();
}

bool FileFilter::wants(std::string_view path) const {
  const std::string normal = with_slashes(path);
  return (include.empty() || matches_any(normal, include)) && !matches_any(normal, exclude);
}

}  // namespace hfauth::hub
