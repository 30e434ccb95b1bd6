// SPDX-License-Identifier: Apache-2.0
//
// Tokens are found by their shape at the moment of the change, not by what the doctor saw earlier.
#include "edited_places.hpp"

#include "exposed_text.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/token/plain_credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace hfauth::diagnose {
namespace {

constexpr std::string_view kRemoved = "hf_REMOVED";

struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// `text` with `mark` in the place of each part; the parts are in order and do not overlap.
Secret replaced(std::string_view text, const std::vector<Part>& parts, std::string_view mark) {
  std::vector<std::string_view> pieces;
  std::size_t at = 0;
  for (const Part& part : parts) {
    pieces.insert(pieces.end(), {text.substr(at, part.begin - at), mark});
    at = part.end;
  }
  pieces.push_back(text.substr(at));
  return joined(pieces);
}

Error no_token() {
  return {Errc::conflict, "there is no token any more"};
}

/// Lines with their line breaks.
std::vector<Part> lines_of(std::string_view text) {
  std::vector<Part> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    lines.push_back({begin, end});
    begin = end;
  }
  return lines;
}

/// "#1700000000", as bash writes with HISTTIMEFORMAT.
bool is_time_stamp(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line.size() > 1 && line.front() == '#' &&
         line.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool continues(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line.ends_with('\\');
}

}  // namespace

Result<Secret> without_commands(std::string_view text) {
  const std::vector<Part> lines = lines_of(text);
  const auto line = [&](std::size_t i) {
    return text.substr(lines[i].begin, lines[i].end - lines[i].begin);
  };
  std::vector<Part> parts;
  std::size_t left = 0;  // the line of a command that stays
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (tokens_in(line(i)).empty()) continue;
    if (continues(line(i)) || (i > 0 && continues(line(i - 1)))) {
      left = i + 1;
      continue;
    }
    const bool stamped = i > 0 && is_time_stamp(line(i - 1));
    const std::size_t first = stamped ? i - 1 : i;
    if (line(i).starts_with("- cmd:")) {  // fish: "  when: ...", "  paths:"
      while (i + 1 < lines.size() && line(i + 1).starts_with("  "))
        ++i;
    }
    parts.push_back({lines[first].begin, lines[i].end});
  }
  if (!parts.empty()) return replaced(text, parts, "");
  if (left == 0) return no_token();
  return Error{
      Errc::conflict,
      fmt::format("the command at line {} goes over several lines: remove it by hand", left)};
}

Result<Secret> without_netrc_entry(std::string_view text, std::string_view host) {
  const std::vector<token::PlainCredential> entries = token::parse_netrc(text);
  std::vector<const token::PlainCredential*> going;
  for (const token::PlainCredential& entry : entries) {
    if (entry.host == host) going.push_back(&entry);
  }
  if (going.empty()) return no_token();
  return token::without_entries(text, going);
}

Result<Secret> without_stored_credential(std::string_view text, std::string_view host) {
  const std::vector<token::PlainCredential> entries = token::parse_git_store(text);
  const auto first =
      std::find_if(entries.begin(), entries.end(),
                   [host](const token::PlainCredential& entry) { return entry.host == host; });
  if (first == entries.end()) return no_token();
  std::vector<const token::PlainCredential*> going;
  for (const token::PlainCredential& entry : entries) {
    if (entry.host == host && entry.password.equals(first->password.expose()))
      going.push_back(&entry);
  }
  return token::without_entries(text, going);
}

Result<Secret> with_remotes_cleaned(std::string_view text) {
  std::vector<Part> parts;
  for (std::size_t at = text.find("://"); at != std::string_view::npos;
       at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of("/ \t\r\n\"", begin), text.size());
    const std::size_t sign = text.substr(begin, end - begin).rfind('@');
    if (sign != std::string_view::npos && !tokens_in(text.substr(begin, sign)).empty())
      parts.push_back({begin, begin + sign + 1});
  }
  if (parts.empty()) return no_token();
  return replaced(text, parts, "");
}

Result<Secret> with_tokens_removed(std::string_view text) {
  std::vector<Part> parts;
  for (const std::string_view token : tokens_in(text)) {
    const auto begin = static_cast<std::size_t>(token.data() - text.data());
    if (parts.empty() || begin >= parts.back().end) parts.push_back({begin, begin + token.size()});
  }
  if (parts.empty()) return no_token();
  return replaced(text, parts, kRemoved);
}

}  // namespace hfauth::diagnose
