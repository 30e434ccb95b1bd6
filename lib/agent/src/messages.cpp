// SPDX-License-Identifier: Apache-2.0
//
// Pieces that calls and replies have in common.
#include "messages.hpp"

namespace hfauth::agent {

void write_strings(JsonWriter& json, const std::vector<std::string>& strings) {
  json.begin_array();
  for (const std::string& text : strings)
    json.string(text);
  json.end_array();
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<WallTime>& time) {
  json.key(name);
  if (time) {
    json.string(format_utc(*time));
  } else {
    json.null();
  }
}

void write_facts(JsonWriter& json, const token::TokenFacts& facts) {
  json.member("profile", std::string_view(facts.profile.str()));
  json.member("endpoint", std::string_view(facts.endpoint.url()));
  json.member("kind", token::name_of(facts.kind));
  json.member("user", std::string_view(facts.user));
  json.member("role", std::string_view(facts.role));
  json.member("display_name", std::string_view(facts.display_name));
  json.key("scopes");
  write_strings(json, facts.scopes);
  json.key("orgs");
  write_strings(json, facts.orgs);
  write_time(json, "created", facts.created);
  write_time(json, "expires", facts.expires);
  if (!facts.oauth_client.empty())
    json.member("oauth_client", std::string_view(facts.oauth_client));
}

std::optional<std::vector<std::string>> read_strings(const JsonValue& value) {
  if (!value.is(JsonKind::array)) return std::nullopt;
  std::vector<std::string> strings;
  for (const JsonValue& element : value.children()) {
    std::optional<std::string> text = element.text();
    if (!text) return std::nullopt;
    strings.push_back(std::move(*text));
  }
  return strings;
}

std::optional<token::TokenFacts> read_facts(Parameters& in) {
  const std::optional<token::ProfileName> profile = in.profile("profile");
  const std::optional<token::Endpoint> endpoint = in.endpoint("endpoint");
  const std::string kind = in.text("kind");
  std::string user = in.text("user");
  std::string role = in.text("role");
  std::string display_name = in.text("display_name");
  std::vector<std::string> scopes = in.strings("scopes");
  std::vector<std::string> orgs = in.strings("orgs");
  const std::optional<WallTime> created = in.optional_time("created");
  const std::optional<WallTime> expires = in.optional_time("expires");
  std::optional<std::string> oauth_client = in.optional_text("oauth_client");
  if (!in.ok()) return std::nullopt;
  return token::TokenFacts{.profile = *profile,
                           .endpoint = *endpoint,
                           .kind = token::kind_from_name(kind),
                           .user = std::move(user),
                           .role = std::move(role),
                           .display_name = std::move(display_name),
                           .scopes = std::move(scopes),
                           .orgs = std::move(orgs),
                           .created = created,
                           .expires = expires,
                           .oauth_client = std::move(oauth_client).value_or("")};
}

}  // namespace hfauth::agent
