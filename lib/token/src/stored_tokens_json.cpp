// SPDX-License-Identifier: Apache-2.0
//
// The Rust command line's stored_tokens: {"tokens":{"<name>":{"token":"hf_…"}},"active":"<name>"}
// (hfrs 1.1). The file lies in plain text on the disk already; still its parsed copy is wiped as
// far as we own the buffers.
#include "stored_tokens_json.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace hfauth::token {
namespace {

using nlohmann::ordered_json;

/// Without recursion: a hostile file nests as deeply as it is long.
void wipe_strings(ordered_json& document) {
  std::vector<ordered_json*> left{&document};
  while (!left.empty()) {
    ordered_json& value = *left.back();
    left.pop_back();
    if (value.is_string()) wipe(value.get_ref<std::string&>());
    if (!value.is_structured()) continue;  // a scalar would be iterated as a list of itself
    for (auto& part : value)
      left.push_back(&part);
  }
}

Result<StoredTokens> read_tokens(const ordered_json& document) {
  const Error fault{Errc::corrupt,
                    "stored_tokens: JSON, but not as the Rust command line writes it"};
  if (!document.is_object() || !document.contains("tokens") || !document["tokens"].is_object())
    return fault;
  const std::string active = document.contains("active") && document["active"].is_string()
                                 ? document["active"].get<std::string>()
                                 : "";
  StoredTokens result{StoredTokensFormat::json, {}};
  for (const auto& [name, entry] : document["tokens"].items()) {
    if (!entry.is_object() || !entry.contains("token") || !entry["token"].is_string()) return fault;
    result.tokens.push_back({.name = name,
                             .token = Secret::copy_of(entry["token"].get_ref<const std::string&>()),
                             .refresh = {},
                             .expires = std::nullopt,
                             .active = name == active});
  }
  return result;
}

}  // namespace

Result<StoredTokens> parse_stored_tokens_json(std::string_view content) {
  ordered_json document = ordered_json::parse(content, nullptr, false);
  if (document.is_discarded())
    return Error{Errc::corrupt, "stored_tokens: begins like JSON but is not"};
  Result<StoredTokens> result = read_tokens(document);
  wipe_strings(document);
  return result;
}

}  // namespace hfauth::token
