// SPDX-License-Identifier: Apache-2.0
//
// Masks and the redactor. The redactor is one pass over the bytes: at each position a small set of
// rules may claim the bytes from there; nothing is looked at more than a constant number of times,
// so the time is linear. Rules: facts/hub-auth.md §4.1; the mask is huggingface_hub 1.29's.
#include "hfauth/core/mask.hpp"

#include "hfauth/core/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace hfauth {
namespace {

using ascii::is_alnum;
using ascii::lower;

constexpr std::size_t kShortestToken =
    20;  // characters behind the prefix; shorter ones occur in prose ("hf_hub")
constexpr std::string_view kHidden = "****";

bool is_jwt_character(char c) {
  return is_alnum(c) || c == '-' || c == '_';
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_value_end(char c) {
  return ascii::is_space(c) || c == '"' || c == '\'' || c == '`' || c == ',' || c == ';' ||
         c == '\\' || c == '<' || c == '>' || c == ')' || c == '}' || c == '&';
}

bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                    [](char a, char b) { return a == lower(b); });
}

template <class Predicate>
std::size_t run_length(std::string_view text, Predicate predicate) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), predicate) -
                                  text.begin());
}

/// The length of a token at the start of `text`, or 0.
std::size_t token_length(std::string_view text) {
  if (text.empty() || (text.front() != 'h' && text.front() != 'a')) return 0;
  for (const std::string_view prefix : {"hf_oauth_", "hf_jwt_"}) {
    if (!text.starts_with(prefix)) continue;
    const auto in_jwt = [](char c) { return is_jwt_character(c) || c == '.'; };
    const std::size_t body = run_length(text.substr(prefix.size()), in_jwt);
    return body == 0 ? 0 : prefix.size() + body;
  }
  for (const std::string_view prefix : {"api_org_", "hf_"}) {
    if (!text.starts_with(prefix)) continue;
    const std::size_t body = run_length(text.substr(prefix.size()), is_alnum);
    if (body < kShortestToken) return 0;
    // What is glued to a token ("…hf_…") goes with it: it may be another one.
    return prefix.size() + run_length(text.substr(prefix.size()), is_jwt_character);
  }
  return 0;
}

/// What a rule does with the bytes at a position: `kept` stay as they are, `hidden` behind them are
/// replaced.
struct Claim {
  std::size_t kept;
  std::size_t hidden;
};

/// Not worth hiding behind "Bearer ": ordinary words are left alone, so that sentences stay
/// readable.
bool is_prose(std::string_view value) {
  return std::all_of(value.begin(), value.end(), ascii::is_lower);
}

std::optional<Claim> claim_header(std::string_view text) {
  std::size_t at = 0;
  if (starts_with_any_case(text, "authorization:")) {
    at = std::string_view("authorization:").size();
    at += run_length(text.substr(at), is_blank);
    const std::size_t scheme = run_length(text.substr(at), is_alnum);
    const std::size_t gap = run_length(text.substr(at + scheme), is_blank);
    if (scheme != 0 && gap != 0) at += scheme + gap;
  } else if (starts_with_any_case(text, "bearer")) {
    at = std::string_view("bearer").size();
    std::size_t gap = run_length(text.substr(at), is_blank);
    if (text.substr(at).starts_with("%20")) gap = 3;
    if (gap == 0) return std::nullopt;
    at += gap;
  } else {
    return std::nullopt;
  }
  // Before the value is measured: the next rule may find another value within this one, and the
  // time would be quadratic.
  if (text.substr(at).starts_with("realm=")) return std::nullopt;
  const std::size_t value = run_length(text.substr(at), [](char c) { return !is_value_end(c); });
  if (is_prose(text.substr(at, value))) return std::nullopt;
  return Claim{at, value};
}

constexpr std::array<std::string_view, 13> kVariables{"hf_token",
                                                      "hugging_face_hub_token",
                                                      "huggingface_hub_token",
                                                      "huggingfacehub_api_token",
                                                      "hf_api_token",
                                                      "huggingface_api_key",
                                                      "huggingface_token",
                                                      "hf_hub_token",
                                                      "hf_access_token",
                                                      "hugging_face_token",
                                                      "huggingface_api_token",
                                                      "hf_api_key",
                                                      "hf_oidc_id_token"};

constexpr std::array<std::string_view, 6> kJsonKeys{"\"access_token\"",  "\"refresh_token\"",
                                                    "\"client_secret\"", "\"device_code\"",
                                                    "\"subject_token\"", "\"hf_token\""};

constexpr std::array<std::string_view, 4> kQueryKeys{
    "__sign=", "token=", "x-amz-signature=", "signature="};

/// HF_TOKEN=value, HF_TOKEN="value", export HF_TOKEN='value'.
std::optional<Claim> claim_assignment(std::string_view text) {
  for (const std::string_view name : kVariables) {
    if (!starts_with_any_case(text, name)) continue;
    std::size_t at = name.size();
    if (at >= text.size() || text[at] != '=') continue;
    ++at;
    if (at < text.size() && (text[at] == '"' || text[at] == '\'')) ++at;
    // Before the value is measured, as above.
    if (text.substr(at).starts_with("$") || text.substr(at).starts_with("...")) continue;
    const std::size_t value = run_length(text.substr(at), [](char c) { return !is_value_end(c); });
    if (value != 0) return Claim{at, value};
  }
  return std::nullopt;
}

std::optional<Claim> claim_json(std::string_view text) {
  for (const std::string_view key : kJsonKeys) {
    if (!starts_with_any_case(text, key)) continue;
    std::size_t at = key.size();
    at += run_length(text.substr(at), [](char c) { return is_blank(c) || c == ':'; });
    if (at >= text.size() || text[at] != '"') continue;
    ++at;
    const std::size_t value = run_length(text.substr(at), [](char c) { return c != '"'; });
    if (value != 0) return Claim{at, value};
  }
  return std::nullopt;
}

std::optional<Claim> claim_query(std::string_view text) {
  for (const std::string_view key : kQueryKeys) {
    if (!starts_with_any_case(text.substr(1), key)) continue;
    const std::size_t at = 1 + key.size();
    const std::size_t value = run_length(text.substr(at), [](char c) { return !is_value_end(c); });
    if (value != 0) return Claim{at, value};
  }
  return std::nullopt;
}

/// https://user:password@host: the password, or a lone user name that is a token, is hidden by the
/// caller's token rule.
std::optional<Claim> claim_url_password(std::string_view text) {
  const std::size_t at = std::string_view("://").size();
  const std::string_view authority = text.substr(at, run_length(text.substr(at), [](char c) {
                                                   return !is_value_end(c) && c != '/' && c != '?';
                                                 }));
  const std::size_t sign = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (sign == std::string_view::npos || colon == std::string_view::npos || colon + 1 >= sign)
    return std::nullopt;
  return Claim{at + colon + 1, sign - colon - 1};
}

std::optional<Claim> claim_at(std::string_view text) {
  if (const std::size_t length = token_length(text); length != 0) return Claim{0, length};
  switch (lower(text.front())) {
    case 'a':
    case 'b':
      return claim_header(text);
    case 'h':
      return claim_assignment(text);
    case '"':
      return claim_json(text);
    case '?':
    case '&':
      return claim_query(text);
    case ':':
      return text.starts_with("://") ? claim_url_password(text) : std::nullopt;
    default:
      return std::nullopt;
  }
}

// Which two bytes a claim can begin with: bits that the first and the second byte share. Nearly
// every position of ordinary text is passed over by this alone.
struct Beginnings {
  std::array<std::uint8_t, 256> first{};
  std::array<std::uint8_t, 256> second{};
};

constexpr Beginnings make_beginnings() {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kPairs{{
      {"hH", "fFuU"},          // hf_, HF_TOKEN=, HUGGING_FACE_HUB_TOKEN=
      {"aA", "pPuU"},          // api_org_, Authorization:
      {"bB", "eE"},            // Bearer
      {"\"", "aArRcCdDsShH"},  // "access_token": and the like
      {"?&", "_tTxXsS"},       // ?token=
      {":", "/"},              // ://
  }};
  Beginnings result;
  std::uint8_t bit = 1;
  for (const auto& [first, second] : kPairs) {
    for (const char c : first) {
      result.first[static_cast<unsigned char>(c)] |= bit;
    }
    for (const char c : second) {
      result.second[static_cast<unsigned char>(c)] |= bit;
    }
    bit = static_cast<std::uint8_t>(bit << 1U);
  }
  return result;
}

constexpr Beginnings kBeginnings = make_beginnings();

constexpr std::size_t kAtOnce = 16;

/// The length of the beginning of `text` in which no claim begins.
std::size_t harmless_length(std::string_view text) {
  // Sixteen pairs at once first, without a branch for each.
  std::size_t i = 0;
  for (; i + kAtOnce < text.size(); i += kAtOnce) {
    unsigned begins = 0;
    for (std::size_t k = i; k < i + kAtOnce; ++k) {
      begins |= kBeginnings.first[static_cast<unsigned char>(text[k])] &
                static_cast<unsigned>(kBeginnings.second[static_cast<unsigned char>(text[k + 1])]);
    }
    if (begins != 0) break;
  }
  for (; i + 1 < text.size(); ++i) {
    if ((kBeginnings.first[static_cast<unsigned char>(text[i])] &
         kBeginnings.second[static_cast<unsigned char>(text[i + 1])]) != 0) {
      return i;
    }
  }
  return text.size();
}

}  // namespace

std::string mask_token(std::string_view token) {
  constexpr std::size_t kShown = 7;
  if (token.size() < kShown + 5) return std::string(kHidden);
  return std::string(token.substr(0, 3)) + std::string(kHidden) +
         std::string(token.substr(token.size() - 4));
}

std::string redact(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t harmless = harmless_length(text);
    clean += text.substr(0, harmless);
    text.remove_prefix(harmless);
    if (text.empty()) break;
    const std::optional<Claim> claim = claim_at(text);
    if (!claim) {
      clean += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::string_view hidden = text.substr(claim->kept, claim->hidden);
    clean += text.substr(0, claim->kept);
    clean += token_length(hidden) == hidden.size() ? mask_token(hidden) : std::string(kHidden);
    text.remove_prefix(claim->kept + claim->hidden);
  }
  return clean;
}

}  // namespace hfauth
