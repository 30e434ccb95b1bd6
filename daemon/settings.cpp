// SPDX-License-Identifier: Apache-2.0
//
// {"version":1,"defaults":[{"endpoint":"https://huggingface.co","profile":"alice"}]}. A list and
// not an object, because the reader bounds the members of objects.
#include "settings.hpp"

#include "hfauth/agent/json_reader.hpp"
#include "hfauth/agent/json_writer.hpp"
#include "hfauth/core/file.hpp"
#include "hfauth/core/paths.hpp"

namespace hfauth::daemon {

Result<Defaults> load_defaults(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file);
  if (!text && text.error().code == Errc::not_found) return Defaults();
  if (!text) return text.error();
  const Error corrupt{Errc::corrupt,
                      file.native() + ": not a settings file of this version; remove it"};
  const Result<agent::JsonDocument> document = agent::JsonDocument::parse(*text, 4);
  if (!document) return corrupt;
  const std::optional<agent::JsonValue> version = document->root().member("version");
  const std::optional<agent::JsonValue> list = document->root().member("defaults");
  if (!version || version->integer() != 1 || !list || !list->is(agent::JsonKind::array))
    return corrupt;
  Defaults defaults;
  for (const agent::JsonValue& item : list->children()) {
    const std::optional<agent::JsonValue> endpoint = item.member("endpoint");
    const std::optional<agent::JsonValue> profile = item.member("profile");
    if (!endpoint || !profile || !endpoint->text() || !profile->text()) return corrupt;
    defaults[*endpoint->text()] = *profile->text();
  }
  return defaults;
}

Result<void> save_defaults(const std::filesystem::path& file, const Defaults& defaults) {
  if (Result<void> made = make_private_directory(file.parent_path()); !made) return made;
  agent::GuardedBuffer text;
  agent::JsonWriter json(text);
  json.begin_object();
  json.member("version", 1);
  json.key("defaults");
  json.begin_array();
  for (const auto& [endpoint, profile] : defaults) {
    json.begin_object();
    json.member("endpoint", std::string_view(endpoint));
    json.member("profile", std::string_view(profile));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  text.push_back('\n');
  return write_file_atomically(file, text.view(), 0600, Durability::synced);
}

}  // namespace hfauth::daemon
