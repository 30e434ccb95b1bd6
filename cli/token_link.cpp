// SPDX-License-Identifier: Apache-2.0
//
// The parameters are those of the Hub's own documentation and messages: tokenType,
// canReadGatedRepos, ownUserPermissions (repeated).
#include "token_link.hpp"

#include "talk.hpp"

#include <array>
#include <utility>

namespace hfauth::cli {

Result<std::string> token_link(std::string_view preset, const token::Endpoint& endpoint) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPresets{{
      {"read", "tokenType=read"},
      {"gated", "tokenType=fineGrained&canReadGatedRepos=true"},
      {"write",
       "tokenType=fineGrained&canReadGatedRepos=true&ownUserPermissions=repo.content.read"
       "&ownUserPermissions=repo.write"},
      {"inference", "tokenType=fineGrained&ownUserPermissions=inference.serverless.write"},
  }};
  for (const auto& [name, query] : kPresets) {
    if (name == preset) return endpoint.url() + "/settings/tokens/new?" + std::string(query);
  }
  return Error{Errc::usage,
               filled(tr("--preset {}: one of read, gated, write, inference"), preset)};
}

}  // namespace hfauth::cli
