// SPDX-License-Identifier: Apache-2.0
//
// One line a token: "1a2b3c4d valid 2026-11-25T10:00:00Z", newest last. A line that is anything
// else is passed over and gone with the next write.
#include "hfauth/hub/verdict_cache.hpp"

#include "hfauth/core/file.hpp"
#include "hfauth/core/hex.hpp"
#include "hfauth/core/paths.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace hfauth::hub {
namespace {

constexpr std::size_t kFileLimit = std::size_t{64} << 10;
constexpr std::size_t kMostTokens = 64;  // nobody has more; what is older goes

struct Line {
  std::string fingerprint;
  KnownVerdict known;
};

bool is_fingerprint(std::string_view text) {
  return !text.empty() && text.size() <= 64 && hex::is_lower(text, text.size());
}

std::optional<Verdict> verdict_from(std::string_view name) {
  for (const Verdict verdict : {Verdict::valid, Verdict::invalid, Verdict::expired}) {
    if (name_of(verdict) == name) return verdict;
  }
  return std::nullopt;
}

std::vector<Line> read_lines(const std::filesystem::path& file) {
  std::vector<Line> lines;
  const Result<std::string> content = read_file(file, kFileLimit);
  if (!content) return lines;
  std::istringstream stream(*content);
  std::string text;
  while (std::getline(stream, text)) {
    std::istringstream words(text);
    std::string fingerprint;
    std::string verdict;
    std::string time;
    words >> fingerprint >> verdict >> time;
    const std::optional<Verdict> known = verdict_from(verdict);
    const Result<WallTime> asked = parse_utc(time);
    if (is_fingerprint(fingerprint) && known && asked)
      lines.push_back({fingerprint, {*known, *asked}});
  }
  return lines;
}

}  // namespace

std::optional<KnownVerdict> VerdictCache::find(const std::string& fingerprint) const {
  for (const Line& line : read_lines(file_)) {
    if (line.fingerprint == fingerprint) return line.known;
  }
  return std::nullopt;
}

Result<void> VerdictCache::note(const std::string& fingerprint, Verdict verdict, WallTime now) {
  if (verdict == Verdict::unknown || !is_fingerprint(fingerprint)) return {};
  if (const Result<void> made = make_private_directory(file_.parent_path()); !made)
    return made.error();
  std::vector<Line> lines = read_lines(file_);
  std::erase_if(lines, [&](const Line& line) { return line.fingerprint == fingerprint; });
  lines.push_back({fingerprint, {verdict, now}});
  const std::size_t surplus = lines.size() > kMostTokens ? lines.size() - kMostTokens : 0;
  std::string content;
  for (std::size_t i = surplus; i < lines.size(); ++i) {
    content += lines[i].fingerprint + " " + std::string(name_of(lines[i].known.verdict)) + " " +
               format_utc(lines[i].known.asked) + "\n";
  }
  return write_file_atomically(file_, content, 0600, Durability::renamed);
}

}  // namespace hfauth::hub
