// SPDX-License-Identifier: Apache-2.0
//
// One stored token with all that is known of it. Only profile, endpoint and kind are identity and
// may be seen by a locked store; the rest travels inside the secret.
#pragma once

#include "hfauth/core/clock.hpp"
#include "hfauth/core/secret.hpp"
#include "hfauth/token/endpoint.hpp"
#include "hfauth/token/profile_name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::token {

/// What the Hub says a token is (whoami-v2, auth.type and accessToken.role; facts/hub-auth.md
/// §4.2).
enum class TokenKind { user, fine_grained, oauth, org, ci, unknown };

[[nodiscard]] std::string_view name_of(TokenKind kind) noexcept;  ///< "user", "fine_grained", ...
[[nodiscard]] TokenKind kind_from_name(
    std::string_view name) noexcept;  ///< unknown for anything else

/// Everything but the secrets; copyable, may be shown to the user.
struct TokenFacts {
  ProfileName profile;
  Endpoint endpoint;
  TokenKind kind = TokenKind::unknown;
  std::string user;                 ///< account name; "" if not known
  std::string role;                 ///< "read", "write", "fineGrained", ""; as the Hub says
  std::string display_name;         ///< the token's own name in the Hub's settings
  std::vector<std::string> scopes;  ///< permissions of a fine-grained token, as the Hub names them
  std::vector<std::string> orgs;    ///< organisations of the account
  std::optional<WallTime> created;
  std::optional<WallTime>
      expires;  ///< unknown for ordinary user tokens: no answer of the Hub tells it
  std::uint64_t generation = 0;  ///< counts the stores of this profile, from 1
  /// The client id of the browser login that gave this token, which alone can renew it; "" for
  /// other tokens and where it is not known.
  std::string oauth_client{};
  bool login_again = false;  ///< the Hub refused the refresh token: only a new login helps

  friend bool operator==(const TokenFacts&, const TokenFacts&) = default;
};

struct TokenRecord {
  TokenFacts facts;
  Secret token;
  Secret refresh;  ///< OAuth refresh token; empty if there is none

  [[nodiscard]] TokenRecord clone() const { return {facts, token.clone(), refresh.clone()}; }
};

/// huggingface_hub's margin (1.20 to 2.4, utils/_auth.py): from then on an OAuth token is
/// refreshed.
inline constexpr std::chrono::hours kRefreshMargin{24};

/// When a token is to be refreshed; nullopt for what is not refreshed: no refresh token, no known
/// end, or a refresh token that the Hub refused.
[[nodiscard]] std::optional<WallTime> refresh_due(const TokenFacts& facts, bool refreshable);

/// The record as one JSON document in guarded memory: what a store keeps as the secret. Version 1,
/// with a digest.
[[nodiscard]] Secret encode_record(const TokenRecord& record);

/// Errors: corrupt (not JSON, unknown version, digest differs, a field of the wrong type).
[[nodiscard]] Result<TokenRecord> decode_record(std::string_view document);

}  // namespace hfauth::token
