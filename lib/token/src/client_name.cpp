// SPDX-License-Identifier: Apache-2.0
//
// transformers, datasets, diffusers and sentence-transformers leave the token to huggingface_hub,
// and `hf` is a part of it.
#include "hfauth/token/client_name.hpp"

#include "hfauth/core/suggestion.hpp"

#include <algorithm>
#include <array>

namespace hfauth::token {
namespace {

struct Row {
  std::string_view word;
  std::string_view name;
  std::optional<OtherClient> other;
};

constexpr std::array kRows{
    Row{"huggingface_hub", "huggingface_hub", std::nullopt},
    Row{"python", "huggingface_hub", std::nullopt},
    Row{"hf", "hf", std::nullopt},
    Row{"huggingface-cli", "hf", std::nullopt},
    Row{"transformers", "transformers", std::nullopt},
    Row{"datasets", "datasets", std::nullopt},
    Row{"diffusers", "diffusers", std::nullopt},
    Row{"sentence-transformers", "sentence-transformers", std::nullopt},
    Row{"hfrs", "hfrs", OtherClient::hfrs},
    Row{"hf-hub", "hf-hub", OtherClient::rust_library},
    Row{"rust", "hf-hub", OtherClient::rust_library},
    Row{"@huggingface/hub", "@huggingface/hub", OtherClient::javascript_library},
    Row{"js", "@huggingface/hub", OtherClient::javascript_library},
    Row{"hfjs", "hfjs", OtherClient::hfjs},
    Row{"git", "git", OtherClient::git},
    Row{"curl", "curl", OtherClient::curl},
    Row{"all", "all", std::nullopt},
};

constexpr std::string_view kInterpreter = "python:";

Error unknown(std::string_view word) {
  const std::vector<std::string> names = client_names();
  std::string detail = "no client is known as '" + std::string(word) + "'";
  if (const std::optional<std::string> near = nearest(word, names))
    return {Errc::usage, detail + "; did you mean " + *near + "?"};
  detail += "; known:";
  for (const std::string& name : names)
    detail += " " + name;
  return {Errc::usage, std::move(detail)};
}

}  // namespace

Result<NamedClient> parse_client(std::string_view word) {
  NamedClient client;
  if (word.starts_with(kInterpreter)) {
    client.name = "huggingface_hub";
    client.interpreter = word.substr(kInterpreter.size());
    if (!client.interpreter.starts_with('/'))
      return Error{Errc::usage, std::string(word) + ": an absolute path is needed behind python:"};
    return client;
  }
  const std::size_t at = word.find('@', 1);  // "@huggingface/hub" begins with one
  const std::string_view name = word.substr(0, at);
  const auto* const row =
      std::find_if(kRows.begin(), kRows.end(), [name](const Row& one) { return one.word == name; });
  if (row == kRows.end()) return unknown(name.substr(0, 64));
  client.name = row->name;
  client.other = row->other;
  if (at == std::string_view::npos) return client;
  client.version = word.substr(at + 1);
  if (client.name != "huggingface_hub" && client.name != "hf" && client.name != "hf-hub") {
    return Error{Errc::usage,
                 client.name + " has no releases that differ here; ask for " + client.name +
                     (client.other ? "" : ", or for huggingface_hub@" + client.version)};
  }
  const bool is_plain = std::all_of(client.version.begin(), client.version.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.';
  });
  if (!is_plain || !ClientVersion::parse(client.version))
    return Error{Errc::usage, client.name + ": no version such as 1.28.0 behind @"};
  return client;
}

std::vector<std::string> client_names() {
  std::vector<std::string> names;
  names.reserve(kRows.size());
  for (const Row& row : kRows)
    names.emplace_back(row.word);
  return names;
}

bool reads_by_itself(const NamedClient& client) noexcept {
  if (!client.other) return true;
  switch (*client.other) {
    case OtherClient::hfrs:
    case OtherClient::hfjs:
    case OtherClient::git:
      return true;
    case OtherClient::rust_library:
      return ClientVersion::parse(client.version).value_or(ClientVersion{1, 1, 0}) <
             ClientVersion{1, 0, 0};
    case OtherClient::javascript_library:
    case OtherClient::curl:
      break;
  }
  return false;
}

}  // namespace hfauth::token
