// SPDX-License-Identifier: Apache-2.0
//
// Python's stored_tokens, as configparser of Python 3.11 reads it: sections, "key = value" or "key:
// value", keys in lower case, whole-line comments with # and ;, a value goes on over blank lines
// and over lines that are indented further than its key, [DEFAULT] inherited by all. One pass,
// linear.
#include "hfauth/core/ascii.hpp"
#include "hfauth/core/text_pieces.hpp"
#include "hfauth/token/stored_tokens.hpp"
#include "stored_tokens_json.hpp"
#include "stored_tokens_sections.hpp"
#include "text_cursor.hpp"

#include <algorithm>
#include <charconv>

namespace hfauth::token {
namespace {

Error fault_at(std::size_t line, const char* what) {
  return {Errc::corrupt, "stored_tokens, line " + std::to_string(line) + ": " + what};
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), ascii::lower);
  return result;
}

/// In characters, as Python counts.
std::size_t indent_of(std::string_view raw) {
  std::size_t characters = 0;
  while (const std::size_t length = space_at_start(raw)) {
    raw.remove_prefix(length);
    ++characters;
  }
  return characters;
}

/// The lines of a value joined by newlines; blank ones at its end are none of it.
Secret value_of(std::vector<std::string_view>& lines) {
  while (lines.size() > 1 && lines.back().empty())
    lines.pop_back();
  std::vector<std::string_view> pieces;
  for (const std::string_view line : lines) {
    if (!pieces.empty()) pieces.emplace_back("\n");
    pieces.push_back(line);
  }
  return joined(pieces);
}

/// RawConfigParser._read. Views point into what is read.
class Reader {
 public:
  Result<void> line(std::string_view raw, std::size_t number) {
    const std::string_view text = strip(raw);
    if (text.empty()) {  // it does not end a value
      if (!last_key_.empty()) value_.push_back(text);
      return {};
    }
    if (text.front() == '#' || text.front() == ';') return {};
    const std::size_t indent = indent_of(raw);
    if (!last_key_.empty() && indent > indent_) {
      value_.push_back(text);
      return {};
    }
    indent_ = indent;
    if (const std::string_view name = header_in(text); !name.empty()) return header(name, number);
    return member(text, number);
  }

  /// The name of a section; "" if the stripped line is no header.
  static std::string_view header_in(std::string_view text) {
    const std::size_t end = text.rfind(']');
    const bool is_header = text.starts_with('[') && end != std::string_view::npos && end >= 2;
    return is_header ? text.substr(1, end - 1) : std::string_view();
  }

  std::vector<Section> finish() && {
    end_value();
    return std::move(sections_);
  }

 private:
  void end_value() {
    if (!last_key_.empty()) sections_[current_].set(last_key_, value_of(value_));
    last_key_.clear();
    value_.clear();
  }

  Result<void> header(std::string_view name, std::size_t number) {
    end_value();
    const auto known =
        std::find_if(sections_.begin(), sections_.end(),
                     [name](const Section& section) { return section.name == name; });
    current_ = static_cast<std::size_t>(known - sections_.begin());
    if (known == sections_.end()) {
      sections_.push_back({std::string(name), {}});
    } else if (name != kDefaultSection) {
      return fault_at(number, "this section is there twice");
    }
    return {};
  }

  Result<void> member(std::string_view text, std::size_t number) {
    end_value();
    if (sections_.empty()) return fault_at(number, "something stands before the first [section]");
    const std::size_t mark = text.find_first_of("=:");
    if (mark == std::string_view::npos || mark == 0)
      return fault_at(number, "neither a [section] nor key = value");
    const std::string key = lower(strip(text.substr(0, mark)));
    if (sections_[current_].find(key) != nullptr)
      return fault_at(number, "this key is there twice in its section");
    last_key_ = key;
    value_.push_back(strip(text.substr(mark + 1)));
    return {};
  }

  std::vector<Section> sections_;
  std::size_t current_ = 0;
  std::size_t indent_ = 0;  ///< of the last line that began something
  std::string last_key_;    ///< whose value goes on; empty: none
  std::vector<std::string_view> value_;
};

/// 9999-12-31T23:59:59Z: what lies behind is no date that can be written, and near the ends of an
/// int64 no date that can be calculated with.
constexpr std::int64_t kLastSecond = 253402300799;

std::optional<WallTime> parse_expiry(const Secret& value) {
  const std::string_view text = value.expose();
  std::int64_t seconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (seconds < 0 || seconds > kLastSecond) return std::nullopt;
  return WallTime{std::chrono::seconds{seconds}};
}

const Secret* value_of(const Section& section, const Section* defaults, std::string_view key) {
  if (const Secret* const own = section.find(key)) return own;
  return defaults == nullptr ? nullptr : defaults->find(key);
}

StoredTokens collect(const std::vector<Section>& sections) {
  const auto found = std::find_if(sections.begin(), sections.end(), [](const Section& section) {
    return section.name == kDefaultSection;
  });
  const Section* defaults = found != sections.end() ? &*found : nullptr;
  StoredTokens result;
  for (const Section& section : sections) {
    if (section.name == kDefaultSection) continue;
    const Secret* token = value_of(section, defaults, "hf_token");
    if (token == nullptr || token->empty()) continue;
    const Secret* refresh = value_of(section, defaults, "refresh_token");
    const Secret* expires = value_of(section, defaults, "expires_at");
    result.tokens.push_back({.name = section.name,
                             .token = token->clone(),
                             .refresh = refresh != nullptr ? refresh->clone() : Secret{},
                             .expires = expires != nullptr ? parse_expiry(*expires) : std::nullopt,
                             .active = false});
  }
  return result;
}

/// The first line, which is taken off. Python opens the file with universal newlines.
std::string_view take_line(std::string_view& content) {
  const std::size_t end = content.find_first_of("\r\n");
  const std::string_view line = content.substr(0, end);
  const bool is_pair = end != std::string_view::npos && content.substr(end).starts_with("\r\n");
  content.remove_prefix(end == std::string_view::npos ? content.size() : end + (is_pair ? 2 : 1));
  return line;
}

}  // namespace

const Secret* Section::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [key](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &found->second;
}

void Section::set(std::string_view key, Secret value) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [key](const auto& member) { return member.first == key; });
  if (found == members.end()) {
    members.emplace_back(std::string(key), std::move(value));
  } else {
    found->second = std::move(value);
  }
}

Result<std::vector<Section>> read_sections(std::string_view content) {
  Reader reader;
  std::size_t number = 0;
  while (!content.empty()) {
    if (auto read = reader.line(take_line(content), ++number); !read) return read.error();
  }
  return std::move(reader).finish();
}

std::vector<std::size_t> lines_not_readable(std::string_view content) {
  Reader reader;
  std::vector<std::size_t> faults;
  bool in_second = false;  // a section of a name that is taken
  for (std::size_t number = 1; !content.empty(); ++number) {
    const std::string_view line = take_line(content);
    const bool is_header = !Reader::header_in(strip(line)).empty();
    if (in_second && !is_header) {
      if (!strip(line).empty()) faults.push_back(number);
      continue;
    }
    const bool is_readable = reader.line(line, number).has_value();
    if (!is_readable) faults.push_back(number);
    in_second = is_header && !is_readable;
  }
  return faults;
}

Result<StoredTokens> parse_stored_tokens(std::string_view content) {
  const std::string_view start = strip(content);
  if (start.starts_with("{")) return parse_stored_tokens_json(start);
  const Result<std::vector<Section>> sections = read_sections(content);
  if (!sections) return sections.error();
  return collect(*sections);
}

}  // namespace hfauth::token
