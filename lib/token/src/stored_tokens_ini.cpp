// SPDX-License-Identifier: Apache-2.0
//
// Python's stored_tokens, as configparser of Python 3.11 reads it: sections, "key = value" or "key:
// value", keys in lower case, whole-line comments with # and ;, continuation lines by indentation,
// [DEFAULT] inherited by all.
#include "hfauth/token/stored_tokens.hpp"
#include "stored_tokens_json.hpp"
#include "stored_tokens_sections.hpp"
#include "text_cursor.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace hfauth::token {
namespace {

Error fault_at(std::size_t line, const char* what) {
  return {Errc::corrupt, "stored_tokens, line " + std::to_string(line) + ": " + what};
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

Secret joined(const Secret& first, std::string_view next) {
  Secret both = Secret::allocate(first.size() + 1 + next.size());
  std::copy(first.expose().begin(), first.expose().end(), both.writable().begin());
  both.writable()[first.size()] = '\n';
  std::copy(next.begin(), next.end(),
            both.writable().begin() + static_cast<std::ptrdiff_t>(first.size() + 1));
  return both;
}

class Reader {
 public:
  Result<void> line(std::string_view raw, std::size_t number) {
    const std::string_view text = strip(raw);
    if (text.empty()) {
      last_key_.clear();
      return {};
    }
    if (text.front() == '#' || text.front() == ';') return {};
    const bool indented = space_at_start(raw) != 0;
    if (indented && !last_key_.empty()) return continuation(text);
    if (text.front() == '[') return header(text, number);
    return member(text, number);
  }

  std::vector<Section> sections;

 private:
  Result<void> continuation(std::string_view text) {
    Section& section = sections.back();
    section.set(last_key_, joined(*section.find(last_key_), text));
    return {};
  }

  Result<void> header(std::string_view text, std::size_t number) {
    const std::size_t end = text.rfind(']');
    if (end == std::string_view::npos || end < 2)
      return fault_at(number, "a section header without a name or without ]");
    const std::string name(text.substr(1, end - 1));
    const bool known =
        std::any_of(sections.begin(), sections.end(),
                    [&name](const Section& section) { return section.name == name; });
    if (known) return fault_at(number, "this section is there twice");
    sections.push_back({name, {}});
    last_key_.clear();
    return {};
  }

  Result<void> member(std::string_view text, std::size_t number) {
    if (sections.empty()) return fault_at(number, "something stands before the first [section]");
    const std::size_t mark = text.find_first_of("=:");
    if (mark == std::string_view::npos || mark == 0)
      return fault_at(number, "neither a [section] nor key = value");
    const std::string key = lower(strip(text.substr(0, mark)));
    if (sections.back().find(key) != nullptr)
      return fault_at(number, "this key is there twice in its section");
    sections.back().set(key, Secret::copy_of(strip(text.substr(mark + 1))));
    last_key_ = key;
    return {};
  }

  std::string last_key_;
};

std::optional<WallTime> parse_expiry(const Secret& value) {
  const std::string_view text = value.expose();
  std::int64_t seconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
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
    const std::size_t end = content.find('\n');
    if (auto read = reader.line(content.substr(0, end), ++number); !read) return read.error();
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return std::move(reader.sections);
}

Result<StoredTokens> parse_stored_tokens(std::string_view content) {
  const std::string_view start = strip(content);
  if (start.starts_with("{")) return parse_stored_tokens_json(start);
  const Result<std::vector<Section>> sections = read_sections(content);
  if (!sections) return sections.error();
  return collect(*sections);
}

}  // namespace hfauth::token
