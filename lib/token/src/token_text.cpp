// SPDX-License-Identifier: Apache-2.0
//
// Faults of token text. Nothing here copies a token into ordinary memory: views go in, offsets and
// repairs come out, and what is accepted is copied once, into guarded memory.
#include "hfauth/token/token_text.hpp"

#include "hfauth/core/ascii.hpp"
#include "text_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace hfauth::token {
namespace {

using ascii::is_alnum;

constexpr std::size_t kLongestToken =
    8192;  // servers refuse longer headers; an OAuth token has about 1,000 bytes
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr std::array<std::pair<TokenFault, std::string_view>, 13> kNames{{
    {TokenFault::empty, "empty"},
    {TokenFault::line_break, "line_break"},
    {TokenFault::edge_space, "edge_space"},
    {TokenFault::inner_space, "inner_space"},
    {TokenFault::byte_order_mark, "byte_order_mark"},
    {TokenFault::invisible_character, "invisible_character"},
    {TokenFault::quotes, "quotes"},
    {TokenFault::bearer_prefix, "bearer_prefix"},
    {TokenFault::assignment_prefix, "assignment_prefix"},
    {TokenFault::placeholder, "placeholder"},
    {TokenFault::org_token, "org_token"},
    {TokenFault::foreign_token, "foreign_token"},
    {TokenFault::unusual_shape, "unusual_shape"},
}};

bool starts_with_any_case(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() &&
         std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                    [](char a, char b) { return a == ascii::lower(b); });
}

bool equals_any_case(std::string_view text, std::string_view lower_word) {
  return text.size() == lower_word.size() && starts_with_any_case(text, lower_word);
}

/// The length of a "Bearer " or "Authorization: Bearer " prefix, 0 if there is none.
std::size_t bearer_prefix(std::string_view text) {
  std::size_t at = 0;
  if (starts_with_any_case(text, "authorization:")) {
    at = std::string_view("authorization:").size();
    while (const std::size_t length = space_at_start(text.substr(at)))
      at += length;
  }
  if (!starts_with_any_case(text.substr(at), "bearer")) return 0;
  at += std::string_view("bearer").size();
  if (at == text.size()) return at;
  std::size_t gap = 0;
  while (const std::size_t length = space_at_start(text.substr(at + gap)))
    gap += length;
  return gap == 0 ? 0 : at + gap;
}

/// The length of "HF_TOKEN=", "export HF_TOKEN=", "token=", 0 if there is none.
std::size_t assignment_prefix(std::string_view text) {
  std::size_t at = starts_with_any_case(text, "export ") ? 7 : 0;
  const std::size_t equals = text.find('=', at);
  if (equals == std::string_view::npos) return 0;
  const std::string_view name = text.substr(at, equals - at);
  constexpr std::array<std::string_view, 4> kKnown{"hf_token", "hugging_face_hub_token",
                                                   "huggingface_token", "token"};
  const bool known = std::any_of(kKnown.begin(), kKnown.end(), [name](std::string_view word) {
    return equals_any_case(name, word);
  });
  return known ? equals + 1 : 0;
}

/// The quote mark at the start of `text` in bytes, if the matching one ends it; {0, 0} otherwise.
std::pair<std::size_t, std::size_t> enclosing_quotes(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kPairs{{
      {"'", "'"},
      {"\"", "\""},
      {"`", "`"},
      {"\xE2\x80\x9C", "\xE2\x80\x9D"},  // “ ”
      {"\xE2\x80\x98", "\xE2\x80\x99"},  // ‘ ’
      {"\xC2\xAB", "\xC2\xBB"},          // « »
  }};
  for (const auto& [open, close] : kPairs) {
    if (text.size() >= open.size() + close.size() && text.starts_with(open) &&
        text.ends_with(close)) {
      return {open.size(), close.size()};
    }
  }
  return {0, 0};
}

bool is_known_shape(std::string_view text) {
  if (text.starts_with("hf_oauth_") || text.starts_with("hf_jwt_")) {
    const std::string_view body = text.substr(text.find('_', 3) + 1);
    return body.size() >= 20 && std::all_of(body.begin(), body.end(), [](char c) {
             return is_alnum(c) || c == '-' || c == '_' || c == '.';
           });
  }
  for (const std::string_view prefix : {"hf_", "api_org_"}) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view body = text.substr(prefix.size());
    return body.size() >= 30 && std::all_of(body.begin(), body.end(), is_alnum);
  }
  return false;
}

bool is_foreign(std::string_view text) {
  constexpr std::array<std::string_view, 11> kPrefixes{"sk-",    "ghp_", "gho_",  "github_pat_",
                                                       "glpat-", "AKIA", "xoxb-", "AIza",
                                                       "gsk_",   "r8_",  "pypi-"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}

/// Template text that was never filled in. A real token has many different characters; "xxxx" and
/// "****" have few.
bool is_placeholder(std::string_view text) {
  constexpr std::array<std::string_view, 12> kWords{
      "none",       "null",       "changeme", "change_me", "hf_token", "yourtoken",
      "your_token", "your-token", "token",    "undefined", "hf_...",   "hf_your_token"};
  if (std::any_of(kWords.begin(), kWords.end(),
                  [text](std::string_view word) { return equals_any_case(text, word); })) {
    return true;
  }
  if (text.starts_with("<") || text.starts_with("${") || text.starts_with("$") ||
      text.starts_with("{{"))
    return true;
  if (text.find("****") != std::string_view::npos || text.find("...") != std::string_view::npos)
    return true;
  // What a person is asked to put something in the place of; YOUR_TOKEN_HERE, hf_replace_me.
  constexpr std::array<std::string_view, 11> kBegins{"xxx",      "your",   "replace",     "insert",
                                                     "paste_",   "enter_", "placeholder", "example",
                                                     "my_token", "dummy",  "changeme"};
  const bool has_prefix = text.starts_with("hf_");
  const std::string_view body = text.substr(has_prefix ? 3 : 0);
  if (std::any_of(kBegins.begin(), kBegins.end(),
                  [body](std::string_view word) { return starts_with_any_case(body, word); })) {
    return true;
  }
  if (!has_prefix) return text.starts_with("%") && text.ends_with("%");
  return !body.empty() && std::set<char>(body.begin(), body.end()).size() <= 2;
}

/// The first character that no token holds: control, DEL, or beyond ASCII. White space is another
/// fault's business.
std::optional<std::size_t> first_invisible(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80 || byte == 0x7F || (byte < 0x20 && space_at_start(text.substr(at)) == 0))
      return at;
  }
  return std::nullopt;
}

std::string describe_character(std::string_view text, std::size_t at) {
  struct Named {
    std::string_view bytes;
    std::string_view name;
  };

  constexpr std::array<Named, 7> kNamed{{{"\xE2\x80\x8B", "U+200B ZERO WIDTH SPACE"},
                                         {"\xE2\x80\x8C", "U+200C ZERO WIDTH NON-JOINER"},
                                         {"\xE2\x80\x8D", "U+200D ZERO WIDTH JOINER"},
                                         {"\xE2\x81\xA0", "U+2060 WORD JOINER"},
                                         {"\xEF\xBB\xBF", "U+FEFF BYTE ORDER MARK"},
                                         {"\xC2\xA0", "U+00A0 NO-BREAK SPACE"},
                                         {"\xE2\x80\xA6", "U+2026 HORIZONTAL ELLIPSIS"}}};
  for (const Named& named : kNamed) {
    if (text.substr(at).starts_with(named.bytes))
      return fmt::format("{} at byte {}", named.name, at);
  }
  return fmt::format("byte {:02x} at byte {}", static_cast<unsigned char>(text[at]), at);
}

std::string last_bytes(std::string_view raw) {
  // Only bytes that are white space or line breaks are shown: they are no part of the token.
  std::string shown = "last bytes";
  for (const char c : raw.substr(raw.size() - std::min<std::size_t>(raw.size(), 2))) {
    shown += space_at_start(std::string_view(&c, 1)) != 0
                 ? fmt::format(" {:02x}", static_cast<unsigned char>(c))
                 : " ..";
  }
  return shown;
}

std::size_t offset_in(std::string_view whole, std::string_view part) {
  return static_cast<std::size_t>(part.data() - whole.data());
}

/// Peels what surrounds a token, from the outside in, and tells what was taken off.
std::string_view peel(std::string_view text, std::vector<TokenFault>& taken) {
  const auto note = [&taken](TokenFault fault) {
    if (std::find(taken.begin(), taken.end(), fault) == taken.end()) taken.push_back(fault);
  };
  while (true) {
    const std::string_view before = text;
    text = strip(text);
    if (text.size() != before.size()) {
      const bool breaks = before.find_first_of("\r\n") != std::string_view::npos;
      note(breaks ? TokenFault::line_break : TokenFault::edge_space);
    }
    if (text.starts_with(kByteOrderMark)) {
      text.remove_prefix(kByteOrderMark.size());
      note(TokenFault::byte_order_mark);
    } else if (const auto [open, close] = enclosing_quotes(text); open != 0) {
      text = text.substr(open, text.size() - open - close);
      note(TokenFault::quotes);
    } else if (const std::size_t bearer = bearer_prefix(text); bearer != 0) {
      text.remove_prefix(bearer);
      note(TokenFault::bearer_prefix);
    } else if (const std::size_t assignment = assignment_prefix(text); assignment != 0) {
      text.remove_prefix(assignment);
      note(TokenFault::assignment_prefix);
    } else if (text.size() == before.size()) {
      return text;
    }
  }
}

bool has_inner_space(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (space_at_start(text.substr(at)) != 0) return true;
  }
  return false;
}

void find_edge_faults(std::string_view raw, std::vector<FoundFault>& found) {
  const std::size_t line_break = raw.find_first_of("\r\n");
  if (line_break != std::string_view::npos)
    found.push_back({TokenFault::line_break, line_break, last_bytes(raw)});
  const std::size_t first = raw.find_first_not_of("\r\n");
  const std::size_t last = raw.find_last_not_of("\r\n");
  if (first == std::string_view::npos) return;
  const std::string_view line = raw.substr(first, last - first + 1);
  if (space_at_start(line) != 0)
    found.push_back({TokenFault::edge_space, first, "white space at the start"});
  if (space_at_start(line) == 0 && space_at_end(line) != 0) {
    found.push_back({TokenFault::edge_space, last, "white space at the end"});
  }
}

}  // namespace

std::string_view name_of(TokenFault fault) noexcept {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [fault](const auto& row) { return row.first == fault; });
  return found != kNames.end() ? found->second : "unknown";
}

Secret clean_as_huggingface_hub(std::string_view raw) {
  Secret cleaned = Secret::allocate(raw.size());
  std::size_t size = 0;
  for (const char c : raw) {
    if (c != '\r' && c != '\n') cleaned.writable()[size++] = c;
  }
  const std::string_view stripped = strip(cleaned.expose().substr(0, size));
  return Secret::copy_of(stripped);
}

std::vector<FoundFault> find_faults(std::string_view raw) {
  if (strip(raw).empty())
    return {{TokenFault::empty, 0, raw.empty() ? "set to nothing" : "white space alone"}};
  std::vector<FoundFault> found;
  find_edge_faults(raw, found);
  std::vector<TokenFault> taken;
  const std::string_view core = peel(raw, taken);
  const std::size_t at = offset_in(raw, core);
  if (has_inner_space(core)) found.push_back({TokenFault::inner_space, at, "white space inside"});
  for (const auto& [fault, note] :
       {std::pair{TokenFault::byte_order_mark, "U+FEFF BYTE ORDER MARK at the start"},
        std::pair{TokenFault::quotes, "enclosed in quotes"},
        std::pair{TokenFault::bearer_prefix, "begins with Bearer"},
        std::pair{TokenFault::assignment_prefix, "begins with a variable name and ="}}) {
    if (std::find(taken.begin(), taken.end(), fault) != taken.end())
      found.push_back({fault, 0, note});
  }
  if (const auto invisible = first_invisible(core)) {
    found.push_back({TokenFault::invisible_character, at + *invisible,
                     describe_character(raw, at + *invisible)});
  }
  if (core.empty() || is_placeholder(core))
    found.push_back({TokenFault::placeholder, at, "text of a template"});
  if (core.starts_with("api_org_"))
    found.push_back({TokenFault::org_token, at, "an organisation token (api_org_)"});
  if (is_foreign(core))
    found.push_back({TokenFault::foreign_token, at, "the key of another service"});
  if (!is_known_shape(core))
    found.push_back({TokenFault::unusual_shape, at, fmt::format("{} characters", core.size())});
  std::stable_sort(found.begin(), found.end(),
                   [](const FoundFault& a, const FoundFault& b) { return a.fault < b.fault; });
  return found;
}

Result<Secret> accept_token(std::string_view raw, std::vector<TokenFault>& repairs) {
  repairs.clear();
  if (raw.size() > kLongestToken) {
    return Error{
        Errc::invalid_input,
        fmt::format("the token is longer than {} bytes: is this the right file?", kLongestToken)};
  }
  const std::string_view core = peel(raw, repairs);
  if (core.empty())
    return Error{Errc::invalid_input,
                 "the token is empty: nothing was given but white space or quotes"};
  if (const auto invisible = first_invisible(core)) {
    return Error{Errc::invalid_input, "the token holds a character that no token has (" +
                                          describe_character(core, *invisible) +
                                          "): copy it again"};
  }
  if (has_inner_space(core)) {
    return Error{Errc::invalid_input,
                 "the token holds white space inside: give one token, copied whole"};
  }
  if (is_placeholder(core)) {
    return Error{Errc::invalid_input,
                 "this is the text of a template, not a token: make one at "
                 "https://huggingface.co/settings/tokens"};
  }
  if (is_foreign(core))
    return Error{Errc::invalid_input,
                 "this is the key of another service, not a Hugging Face token"};
  return Secret::copy_of(core);
}

}  // namespace hfauth::token
