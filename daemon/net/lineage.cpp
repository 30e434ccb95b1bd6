// SPDX-License-Identifier: Apache-2.0
//
// A JWT is three base64url parts; the second is the JSON of its claims (RFC 7519 §3). The claims
// name the account and hold nothing that could be used as a token.
#include "lineage.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hfauth::net {
namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "hf_oauth_";

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  return c == '_' ? 63 : -1;
}

/// Without padding, as JWTs have it; nullopt for a foreign character.
std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int n_bits = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    n_bits += 6;
    if (n_bits < 8) continue;
    n_bits -= 8;
    bytes.push_back(static_cast<char>((bits >> static_cast<unsigned>(n_bits)) & 0xFFU));
  }
  return bytes;
}

struct Login {
  std::string whose;        ///< the claims that make a login
  std::int64_t issued = 0;  ///< Unix seconds; 0 if the token does not say
};

/// nullopt if the claims are not all there.
std::optional<Login> login_of(std::string_view token) {
  if (!token.starts_with(kPrefix)) return std::nullopt;
  token.remove_prefix(kPrefix.size());
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::optional<std::string> text =
      from_base64url(token.substr(first + 1, second - first - 1));
  if (!text) return std::nullopt;
  const json claims = json::parse(*text, nullptr, false);
  if (!claims.is_object() || !claims.contains("iss") || !claims.contains("sub"))
    return std::nullopt;
  const json aud = claims.contains("aud") ? claims["aud"] : json();
  const bool dated = claims.contains("iat") && claims["iat"].is_number_integer();
  return Login{.whose = json::array({claims["iss"], claims["sub"], aud})
                            .dump(-1, ' ', false, json::error_handler_t::replace),
               .issued = dated ? claims["iat"].get<std::int64_t>() : 0};
}

}  // namespace

Lineage lineage_of(const Secret& candidate, const Secret& token) {
  const std::optional<Login> first = login_of(candidate.expose());
  const std::optional<Login> second = login_of(token.expose());
  if (!first || !second) return Lineage::unknown;
  if (first->whose != second->whose) return Lineage::other;
  return first->issued >= second->issued ? Lineage::later : Lineage::other;
}

}  // namespace hfauth::net
