// SPDX-License-Identifier: Apache-2.0
//
// Which profile is taken for a repository. Two tables: that of the configuration file, and that of
// SetRoute. The most particular route wins; of equals the file's, then the earlier one. Pure; lives
// on the loop.
#pragma once

#include "answer.hpp"
#include "hfauth/agent/routing.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::daemon {

/// SetRoute takes no more: each GetToken looks at all.
inline constexpr std::size_t kMaxRoutes = 256;

class Routes {
 public:
  /// The endpoint to which a profile is bound; nullptr: there is no such profile.
  using EndpointOf = std::function<const token::Endpoint*(const std::string& profile)>;

  void take_file(std::vector<agent::Route> routes) { from_file_ = std::move(routes); }

  void take_set(std::vector<agent::Route> routes) { set_ = std::move(routes); }

  /// The file's first.
  [[nodiscard]] std::vector<agent::Route> all() const;

  [[nodiscard]] bool empty() const noexcept { return from_file_.empty() && set_.empty(); }

  /// What take_set() will be given: with the route of `request`, or without it. Faults: conflict
  /// (the file has that pattern), not_found (nothing to forget), busy (kMaxRoutes).
  [[nodiscard]] Answer<std::vector<agent::Route>> changed(
      const agent::call::SetRoute& request) const;

  /// The profile for `purpose` at `endpoint`; "" if no route says anything. What was looked at is
  /// added to `steps` if given, the winner first.
  [[nodiscard]] std::string choose(const agent::Purpose& purpose, const token::Endpoint& endpoint,
                                   const EndpointOf& endpoint_of,
                                   std::vector<agent::Step>* steps) const;

 private:
  std::vector<agent::Route> from_file_;
  std::vector<agent::Route> set_;
};

/// Why a pattern does not fit: "other_repo", ...; "" if it does. `bound` is where the profile's
/// token may go. A request without access is one for reading.
[[nodiscard]] const char* mismatch(const agent::RoutePattern& pattern,
                                   const agent::Purpose& purpose, const token::Endpoint& endpoint,
                                   const token::Endpoint* bound);

}  // namespace hfauth::daemon
