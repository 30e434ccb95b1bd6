// SPDX-License-Identifier: Apache-2.0
//
// More particular is, in this order: a whole name before a pattern, a pattern with more fixed
// characters, one with an access, one with a type, one with an endpoint.
#include "routes.hpp"

#include "glob.hpp"

#include <algorithm>
#include <tuple>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;
using agent::Route;
using agent::RoutePattern;
using agent::Step;

namespace {

auto weight(const RoutePattern& pattern) {
  return std::make_tuple(is_literal(pattern.repo), literal_length(pattern.repo),
                         !pattern.access.empty(), !pattern.repo_type.empty(),
                         pattern.endpoint.has_value());
}

auto with_pattern(const std::vector<Route>& routes, const RoutePattern& pattern) {
  return std::find_if(routes.begin(), routes.end(),
                      [&](const Route& route) { return route.pattern == pattern; });
}

Step step_of(const Route& route, std::string outcome) {
  return {.kind = "route",
          .source = route.source,
          .pattern = agent::show(route.pattern),
          .profile = route.profile,
          .outcome = std::move(outcome)};
}

}  // namespace

const char* mismatch(const RoutePattern& pattern, const agent::Purpose& purpose,
                     const token::Endpoint& endpoint, const token::Endpoint* bound) {
  if (pattern.endpoint && *pattern.endpoint != endpoint) return "other_endpoint";
  if (!glob_matches(pattern.repo, purpose.repo)) return "other_repo";
  const std::string_view type =
      purpose.repo_type.empty() ? std::string_view("model") : purpose.repo_type;
  if (!pattern.repo_type.empty() && pattern.repo_type != type) return "other_type";
  if (!pattern.access.empty() && pattern.access != agent::access_of(purpose)) return "other_access";
  if (bound == nullptr) return "no_profile";
  return *bound == endpoint ? "" : "wrong_endpoint";
}

std::vector<Route> Routes::all() const {
  std::vector<Route> routes = from_file_;
  routes.insert(routes.end(), set_.begin(), set_.end());
  return routes;
}

Answer<std::vector<Route>> Routes::changed(const agent::call::SetRoute& request) const {
  const auto fixed = with_pattern(from_file_, request.pattern);
  if (fixed != from_file_.end()) {
    return Fault{.code = FaultCode::denied,
                 .text = "the route " + agent::show(request.pattern) + " stands in " +
                         fixed->source + "; change it there"};
  }
  std::vector<Route> routes = set_;
  const auto place = with_pattern(set_, request.pattern) - set_.begin();
  const bool exists = place < static_cast<std::ptrdiff_t>(set_.size());
  if (!request.profile) {
    if (!exists) {
      return Fault{.code = FaultCode::not_found,
                   .text = "no route for " + agent::show(request.pattern)};
    }
    routes.erase(routes.begin() + place);
  } else if (exists) {
    routes[static_cast<std::size_t>(place)].profile = request.profile->str();
  } else if (routes.size() >= kMaxRoutes) {
    return Fault{.code = FaultCode::busy,
                 .text = "there are " + std::to_string(kMaxRoutes) +
                         " routes already; remove one, or write them into config.toml"};
  } else {
    routes.push_back({.pattern = request.pattern, .profile = request.profile->str()});
  }
  return routes;
}

std::string Routes::choose(const agent::Purpose& purpose, const token::Endpoint& endpoint,
                           const EndpointOf& endpoint_of, std::vector<Step>* steps) const {
  const Route* winner = nullptr;
  std::vector<std::pair<const Route*, const char*>> seen;
  for (const std::vector<Route>* table : {&from_file_, &set_}) {
    for (const Route& route : *table) {
      const char* const why =
          mismatch(route.pattern, purpose, endpoint, endpoint_of(route.profile));
      const bool fits = *why == '\0';
      const bool wins =
          fits && (winner == nullptr || weight(route.pattern) > weight(winner->pattern));
      if (wins) winner = &route;
      if (steps != nullptr) seen.emplace_back(&route, fits ? "less_particular" : why);
    }
  }
  if (steps != nullptr) {
    if (winner != nullptr) steps->push_back(step_of(*winner, "chosen"));
    for (const auto& [route, outcome] : seen) {
      if (route != winner) steps->push_back(step_of(*route, outcome));
    }
  }
  return winner == nullptr ? std::string() : winner->profile;
}

}  // namespace hfauth::daemon
