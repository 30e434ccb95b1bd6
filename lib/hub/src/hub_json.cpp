// SPDX-License-Identifier: Apache-2.0
//
// Parses without exceptions: text that is not JSON becomes a value in which every look-up answers
// "absent". The shapes are those of facts/hub-auth.md §4.2.
#include "hub_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hfauth::hub {
namespace {

using nlohmann::json;

/// Without exceptions: a discarded value is no object, and every look-up below answers "absent".
json parse(std::string_view body) {
  return json::parse(body, nullptr, false);
}

const json& member(const json& object, const char* name) {
  static const json kAbsent;
  if (!object.is_object()) return kAbsent;
  const auto found = object.find(name);
  return found == object.end() ? kAbsent : *found;
}

/// Names that people and servers chose are shown on terminals: without ESC and the other control
/// characters, those of two bytes (U+0080 to U+009F) too.
std::string printable(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) text[i] = ' ';
    const bool is_c1 = byte == 0xC2 && i + 1 < text.size() &&
                       static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                       static_cast<unsigned char>(text[i + 1]) <= 0x9F;
    if (is_c1) text.replace(i, 2, "  ");
  }
  return text;
}

std::string text(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? printable(value.get<std::string>()) : std::string();
}

bool flag(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_boolean() && value.get<bool>();
}

/// Said to be so; where nothing is said, nothing is claimed.
bool is_false(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_boolean() && !value.get<bool>();
}

std::optional<WallTime> date(const json& object, const char* name) {
  const json& value = member(object, name);
  if (!value.is_string()) return std::nullopt;
  const Result<WallTime> time = parse_utc(value.get_ref<const std::string&>());
  return time ? std::optional(*time) : std::nullopt;
}

void add_texts(const json& array, std::vector<std::string>& out) {
  if (!array.is_array()) return;
  for (const json& entry : array) {
    if (!entry.is_string()) continue;
    std::string name = printable(entry.get_ref<const std::string&>());
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(std::move(name));
  }
}

/// A fine-grained token reads gated repositories by its own switch, or by a permission that is not
/// bound to a place.
void read_fine_grained(const json& fine_grained, Whoami& whoami) {
  if (!fine_grained.is_object()) return;  // the permissions are not told: nothing is claimed
  std::vector<std::string> global;
  add_texts(member(fine_grained, "global"), global);
  whoami.can_read_gated =
      flag(fine_grained, "canReadGatedRepos") ||
      std::find(global.begin(), global.end(), "repo.content.read") != global.end();
  whoami.scopes = std::move(global);
  const json& scoped = member(fine_grained, "scoped");
  if (!scoped.is_array()) return;
  for (const json& entry : scoped)
    add_texts(member(entry, "permissions"), whoami.scopes);
}

token::TokenKind kind_of(const json& root, const json& auth, std::string_view role,
                         std::string_view token_text) {
  using token::TokenKind;
  const std::string top = text(root, "type");
  const std::string type = text(auth, "type");
  if (top == "org" || token_text.starts_with("api_org_")) return TokenKind::org;
  if (top == "app" || type == "app_token" || member(auth, "resource").is_object() ||
      token_text.starts_with("hf_jwt_")) {
    return TokenKind::ci;
  }
  if (type == "oauth" || type == "app_token_as_user" || token_text.starts_with("hf_oauth_"))
    return TokenKind::oauth;
  if (role == "fineGrained") return TokenKind::fine_grained;
  return type == "access_token" || !role.empty() ? TokenKind::user : TokenKind::unknown;
}

}  // namespace

std::optional<std::string> read_error_body(std::string_view body) {
  if (body.empty() || body.find('{') == std::string_view::npos) return std::nullopt;
  const json root = parse(body);
  const json& error = member(root, "error");
  return error.is_string() ? std::optional(error.get<std::string>()) : std::nullopt;
}

Result<void> read_whoami(std::string_view body, std::string_view token_text, Whoami& whoami) {
  const json root = parse(body);
  whoami.user = text(root, "name");
  if (whoami.user.empty())
    return Error{Errc::network, "the answer is not the Hub's: it names no account"};
  whoami.full_name = text(root, "fullname");
  whoami.email_unverified = is_false(root, "emailVerified");
  whoami.cannot_pay = is_false(root, "canPay");
  const json& orgs = member(root, "orgs");
  if (orgs.is_array()) {
    for (const json& org : orgs) {
      if (std::string name = text(org, "name"); !name.empty())
        whoami.orgs.push_back(std::move(name));
    }
  }
  const json& auth = member(root, "auth");
  const json& access_token = member(auth, "accessToken");
  whoami.role = text(access_token, "role");
  whoami.display_name = text(access_token, "displayName");
  whoami.created = date(access_token, "createdAt");
  whoami.expires = date(auth, "expiresAt");
  whoami.kind = kind_of(root, auth, whoami.role, token_text);
  read_fine_grained(member(access_token, "fineGrained"), whoami);
  return {};
}

Result<RepoInfo> read_repo_info(std::string_view body) {
  const json root = parse(body);
  RepoInfo info;
  info.id = text(root, "id");
  info.commit = text(root, "sha");
  if (info.id.empty() || info.commit.empty()) {
    return Error{Errc::network, "the answer is not the Hub's: it names no repository and commit"};
  }
  info.is_private = flag(root, "private");
  info.gated = text(root, "gated");  // false, "auto" or "manual"
  const json& siblings = member(root, "siblings");
  if (siblings.is_array()) {
    for (const json& sibling : siblings) {
      if (std::string name = text(sibling, "rfilename"); !name.empty())
        info.files.push_back(std::move(name));
    }
  }
  return info;
}

}  // namespace hfauth::hub
