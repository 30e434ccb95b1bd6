// SPDX-License-Identifier: Apache-2.0
//
// A token record as the JSON document that a store keeps. The two secrets are spliced in and cut
// out by secret_json, so nlohmann's buffers never hold them. Version 1:
//   {"v":1,"profile":…,"endpoint":…,"kind":…,"user":…,"role":…,"display_name":…,"scopes":[…],"orgs":[…],
//    "created":…|null,"expires":…|null,"generation":n,["oauth_client":…,]["login_again":true,]"digest":"16
//    hex of BLAKE2b(token)","refresh":"…","token":"…"}
#include "hfauth/core/crypto.hpp"
#include "hfauth/core/secret_json.hpp"
#include "hfauth/token/token_record.hpp"

#include <nlohmann/json.hpp>

namespace hfauth::token {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;

json time_or_null(const std::optional<WallTime>& time) {
  return time ? json(format_utc(*time)) : json(nullptr);
}

std::string digest_of(const Secret& token) {
  return crypto::hex(crypto::hash(token.expose())).substr(0, 16);
}

Error corrupt(const std::string& what) {
  return {Errc::corrupt, "a stored token record is damaged: " + what};
}

std::optional<WallTime> time_at(const json& document, const char* key) {
  const json& value = document.at(key);
  if (value.is_null()) return std::nullopt;
  return parse_utc(value.get<std::string>()).value();
}

/// Throws json::exception or Failure for a field that is missing or of the wrong type;
/// decode_record maps both.
TokenFacts facts_from(const json& document) {
  return TokenFacts{
      .profile = ProfileName::parse(document.at("profile").get<std::string>()).value(),
      .endpoint = Endpoint::parse(document.at("endpoint").get<std::string>(), true).value(),
      .kind = kind_from_name(document.at("kind").get<std::string>()),
      .user = document.at("user").get<std::string>(),
      .role = document.at("role").get<std::string>(),
      .display_name = document.at("display_name").get<std::string>(),
      .scopes = document.at("scopes").get<std::vector<std::string>>(),
      .orgs = document.at("orgs").get<std::vector<std::string>>(),
      .created = time_at(document, "created"),
      .expires = time_at(document, "expires"),
      .generation = document.at("generation").get<std::uint64_t>(),
      .oauth_client = document.value("oauth_client", std::string()),
      .login_again = document.value("login_again", false),
  };
}

}  // namespace

std::optional<WallTime> refresh_due(const TokenFacts& facts, bool refreshable) {
  if (!refreshable || facts.login_again || !facts.expires) return std::nullopt;
  return *facts.expires - kRefreshMargin;
}

Secret encode_record(const TokenRecord& record) {
  const TokenFacts& facts = record.facts;
  json document{{"v", kVersion},
                {"profile", facts.profile.str()},
                {"endpoint", facts.endpoint.url()},
                {"kind", name_of(facts.kind)},
                {"user", facts.user},
                {"role", facts.role},
                {"display_name", facts.display_name},
                {"scopes", facts.scopes},
                {"orgs", facts.orgs},
                {"created", time_or_null(facts.created)},
                {"expires", time_or_null(facts.expires)},
                {"generation", facts.generation},
                {"digest", digest_of(record.token)}};
  if (!facts.oauth_client.empty()) document["oauth_client"] = facts.oauth_client;
  if (facts.login_again) document["login_again"] = true;
  // What the Hub says may hold any bytes; they must not make the record unwritable.
  const std::string text = document.dump(-1, ' ', false, json::error_handler_t::replace);
  return add_secret_members(
      text, {{"refresh", record.refresh.expose()}, {"token", record.token.expose()}});
}

Result<TokenRecord> decode_record(std::string_view document) {
  Secret copy = Secret::copy_of(document);
  Result<Secret> token = take_secret_string(copy.writable(), {"token"});
  if (!token) return corrupt("its token is missing");
  Result<Secret> refresh = take_secret_string(copy.writable(), {"refresh"});
  if (!refresh) return corrupt("its refresh token is missing");
  try {
    const json parsed = json::parse(copy.expose());
    if (parsed.at("v") != kVersion) return corrupt("it was written by another version of hfauth");
    if (parsed.at("digest") != digest_of(*token))
      return corrupt("its digest does not fit its token");
    return TokenRecord{facts_from(parsed), std::move(*token), std::move(*refresh)};
  } catch (const json::exception& fault) {
    return corrupt("JSON error " + std::to_string(fault.id));
  } catch (const Failure& fault) {
    return corrupt(fault.error().detail);
  }
}

}  // namespace hfauth::token
