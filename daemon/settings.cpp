// SPDX-License-Identifier: Apache-2.0
//
// {"version":1,"defaults":[{"endpoint":"https://huggingface.co","profile":"alice"}]}, and
// {"version":1,"routes":[{"repo":"org/*","profile":"work"}]}. Lists and not objects, because the
// reader bounds the members of objects.
#include "settings.hpp"

#include "hfauth/agent/json_reader.hpp"
#include "hfauth/agent/json_writer.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"

namespace hfauth::daemon {
namespace {

/// Calls `take` with each element of the list, which says whether it is one. A missing file has
/// none. Errors: corrupt, permission, io.
template <class Take>
Result<void> read_list(const std::filesystem::path& file, std::string_view name, const Take& take) {
  const Result<std::string> text = read_file(file);
  if (!text && text.error().code == Errc::not_found) return {};
  if (!text) return text.error();
  const Error corrupt{Errc::corrupt,
                      file.native() + ": not a settings file of this version; remove it"};
  const Result<agent::JsonDocument> document = agent::JsonDocument::parse(*text, 4);
  if (!document) return corrupt;
  const std::optional<agent::JsonValue> version = document->root().member("version");
  const std::optional<agent::JsonValue> list = document->root().member(name);
  if (!version || version->integer() != 1 || !list || !list->is(agent::JsonKind::array))
    return corrupt;
  for (const agent::JsonValue& item : list->children()) {
    if (!take(item)) return corrupt;
  }
  return {};
}

template <class WriteElements>
Result<void> write_list(const std::filesystem::path& file, std::string_view name,
                        const WriteElements& write_elements) {
  if (Result<void> made = make_private_directory(file.parent_path()); !made) return made;
  agent::GuardedBuffer text;
  agent::JsonWriter json(text);
  json.begin_object();
  json.member("version", 1);
  json.key(name);
  json.begin_array();
  write_elements(json);
  json.end_array();
  json.end_object();
  text.push_back('\n');
  return write_file_atomically(file, text.view(), 0600, Durability::synced);
}

std::string text_of(const agent::JsonValue& item, std::string_view key) {
  const std::optional<agent::JsonValue> value = item.member(key);
  return value ? value->text().value_or("") : std::string();
}

std::optional<agent::Route> route_of(const agent::JsonValue& item) {
  agent::Route route{.pattern = {.endpoint = {},
                                 .repo_type = text_of(item, "type"),
                                 .repo = text_of(item, "repo"),
                                 .access = text_of(item, "access")},
                     .profile = text_of(item, "profile")};
  if (const std::string url = text_of(item, "endpoint"); !url.empty()) {
    Result<token::Endpoint> endpoint = token::Endpoint::parse(url, true);
    if (!endpoint) return std::nullopt;
    route.pattern.endpoint = std::move(*endpoint);
  }
  if (!agent::is_repo_text(route.pattern.repo) || route.profile.empty()) return std::nullopt;
  return route;
}

}  // namespace

Result<Defaults> load_defaults(const std::filesystem::path& file) {
  Defaults defaults;
  const Result<void> read = read_list(file, "defaults", [&](const agent::JsonValue& item) {
    const std::optional<agent::JsonValue> endpoint = item.member("endpoint");
    const std::optional<agent::JsonValue> profile = item.member("profile");
    if (!endpoint || !profile || !endpoint->text() || !profile->text()) return false;
    defaults[*endpoint->text()] = *profile->text();
    return true;
  });
  if (!read) return read.error();
  return defaults;
}

Result<std::vector<agent::Route>> load_routes(const std::filesystem::path& file) {
  std::vector<agent::Route> routes;
  const Result<void> read = read_list(file, "routes", [&](const agent::JsonValue& item) {
    std::optional<agent::Route> route = route_of(item);
    if (route) routes.push_back(std::move(*route));
    return route.has_value();
  });
  if (!read) return read.error();
  return routes;
}

Result<void> save_defaults(const std::filesystem::path& file, const Defaults& defaults) {
  return write_list(file, "defaults", [&](agent::JsonWriter& json) {
    for (const auto& [endpoint, profile] : defaults) {
      json.begin_object();
      json.member("endpoint", std::string_view(endpoint));
      json.member("profile", std::string_view(profile));
      json.end_object();
    }
  });
}

Result<void> save_routes(const std::filesystem::path& file,
                         const std::vector<agent::Route>& routes) {
  return write_list(file, "routes", [&](agent::JsonWriter& json) {
    for (const agent::Route& route : routes) {
      json.begin_object();
      json.member("endpoint",
                  std::string_view(route.pattern.endpoint ? route.pattern.endpoint->url() : ""));
      json.member("type", std::string_view(route.pattern.repo_type));
      json.member("repo", std::string_view(route.pattern.repo));
      json.member("access", std::string_view(route.pattern.access));
      json.member("profile", std::string_view(route.profile));
      json.end_object();
    }
  });
}

}  // namespace hfauth::daemon
