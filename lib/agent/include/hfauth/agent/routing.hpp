// SPDX-License-Identifier: Apache-2.0
//
// What a token is wanted for, which profile is taken for what, and the reasons of a choice: the
// values of GetToken, Which and SetRoute. Values only; which route wins is daemon/routes.hpp's.
#pragma once

#include "hfauth/agent/client.hpp"
#include "hfauth/token/endpoint.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::agent {

/// The Hub's own limit is 96; a pattern has no reason to be longer than two names.
inline constexpr std::size_t kMaxRepoBytes = 200;

/// What a token is wanted for; nothing is known of a program that does not say it.
struct Purpose {
  std::string repo{};       ///< "org/name" or "name"; "": not said
  std::string repo_type{};  ///< "model", "dataset", "space", "kernel"; "": not said
  bool write = false;       ///< the repository is going to be changed

  friend bool operator==(const Purpose&, const Purpose&) = default;
};

struct RoutePattern {
  std::optional<token::Endpoint> endpoint{};  ///< nullopt: that of the profile
  std::string repo_type{};                    ///< "": any
  std::string repo = "*";
  std::string access{};  ///< "read", "write"; "": both

  friend bool operator==(const RoutePattern&, const RoutePattern&) = default;
};

struct Route {
  RoutePattern pattern;
  std::string profile;
  std::string source{};  ///< "config.toml:12"; "": made by SetRoute

  friend bool operator==(const Route&, const Route&) = default;
};

/// One thing that was looked at for a choice; the words stand in the interface.
struct Step {
  std::string kind;
  std::string source{};
  std::string pattern{};
  std::string profile{};
  std::string outcome{};

  friend bool operator==(const Step&, const Step&) = default;
};

struct WhichAnswer {
  std::optional<StoredProfile> profile;
  std::string fault;  ///< the name of the error that GetToken would give: "NotFound"; "": none
  std::vector<Step> steps;
  std::string decision;  ///< "allow", "confirm", "deny"
  std::string rule;      ///< where the rule stands: "config.toml:20"; "": none says anything
};

[[nodiscard]] bool is_repo_type(std::string_view text) noexcept;

/// "read" or "write".
[[nodiscard]] bool is_access(std::string_view text) noexcept;
[[nodiscard]] std::string_view access_of(const Purpose& purpose) noexcept;

/// A repository's name or a pattern of one: one or two parts of printable ASCII without spaces, at
/// most kMaxRepoBytes. What the Hub takes is narrower; here it is compared only.
[[nodiscard]] bool is_repo_text(std::string_view text) noexcept;

/// "dataset org/*, write, at https://hub.example": how a pattern is shown.
[[nodiscard]] std::string show(const RoutePattern& pattern);

}  // namespace hfauth::agent
