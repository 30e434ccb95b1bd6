// SPDX-License-Identifier: Apache-2.0
//
// Names of token kinds, as they stand in records and in the agent's protocol.
#include "hfauth/token/token_record.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hfauth::token {
namespace {

constexpr std::array<std::pair<TokenKind, std::string_view>, 6> kNames{{
    {TokenKind::user, "user"},
    {TokenKind::fine_grained, "fine_grained"},
    {TokenKind::oauth, "oauth"},
    {TokenKind::org, "org"},
    {TokenKind::ci, "ci"},
    {TokenKind::unknown, "unknown"},
}};

}  // namespace

std::string_view name_of(TokenKind kind) noexcept {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [kind](const auto& row) { return row.first == kind; });
  return found != kNames.end() ? found->second : "unknown";
}

TokenKind kind_from_name(std::string_view name) noexcept {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [name](const auto& row) { return row.second == name; });
  return found != kNames.end() ? found->first : TokenKind::unknown;
}

}  // namespace hfauth::token
