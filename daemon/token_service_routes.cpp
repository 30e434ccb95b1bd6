// SPDX-License-Identifier: Apache-2.0
//
// The part of TokenService that chooses: the profile that is named, else a route, else the default
// of the endpoint; and that explains the choice.
#include "log.hpp"
#include "settings.hpp"
#include "token_service.hpp"

#include <utility>

namespace hfauth::daemon {

using agent::Fault;
using agent::FaultCode;
using agent::Step;

namespace {

std::filesystem::path routes_file(const ServiceFiles& files) {
  return files.settings.parent_path() / "routes.json";
}

}  // namespace

void TokenService::load_routes() {
  Result<std::vector<agent::Route>> routes = daemon::load_routes(routes_file(files_));
  if (routes) {
    routes_.take_set(std::move(*routes));
  } else {
    log_line(LogLevel::warning, "no route is known: " + routes.error().detail);
  }
}

Answer<const Entry*> TokenService::choose(const agent::call::GetToken& request) const {
  if (std::optional<Fault> fault = obstacle()) return std::move(*fault);
  return look_up(request);
}

Answer<const Entry*> TokenService::look_up(const agent::call::GetToken& request,
                                           std::vector<Step>* steps) const {
  if (request.profile) {
    Answer<const Entry*> named = catalogue_.choose(request.profile, request.endpoint);
    if (steps != nullptr) {
      const bool missing = !named && named.error().code == FaultCode::not_found;
      steps->push_back({.kind = "profile",
                        .profile = request.profile->str(),
                        .outcome = named ? "chosen" : (missing ? "no_profile" : "wrong_endpoint")});
    }
    return named;
  }
  if (!request.purpose.repo.empty() && !routes_.empty()) {
    const token::Endpoint endpoint = request.endpoint.value_or(token::Endpoint::hub());
    const auto endpoint_of = [this](const std::string& profile) -> const token::Endpoint* {
      const Entry* const entry = catalogue_.find(profile);
      return entry == nullptr ? nullptr : &entry->profile.facts.endpoint;
    };
    const std::string routed = routes_.choose(request.purpose, endpoint, endpoint_of, steps);
    if (!routed.empty()) return catalogue_.find(routed);
  }
  Answer<const Entry*> chosen = catalogue_.choose(std::nullopt, request.endpoint);
  if (steps != nullptr) explain_default(request, chosen, *steps);
  return chosen;
}

void TokenService::explain_default(const agent::call::GetToken& request,
                                   const Answer<const Entry*>& chosen,
                                   std::vector<Step>& steps) const {
  std::string endpoint = request.endpoint ? request.endpoint->url() : std::string();
  if (chosen) endpoint = (*chosen)->profile.facts.endpoint.url();
  const bool by_default = chosen && (*chosen)->profile.is_default;
  const std::string profile = chosen ? (*chosen)->profile.facts.profile.str() : std::string();
  steps.push_back({.kind = "default",
                   .pattern = endpoint,
                   .profile = by_default ? profile : std::string(),
                   .outcome = by_default ? "chosen" : "not_set"});
  if (by_default) return;
  const bool several = !chosen && chosen.error().code == FaultCode::ambiguous;
  steps.push_back({.kind = "only",
                   .pattern = endpoint,
                   .profile = profile,
                   .outcome = chosen ? "chosen" : (several ? "several" : "none")});
}

Answer<agent::WhichAnswer> TokenService::which(const agent::call::GetToken& request) const {
  if (std::optional<Fault> fault = obstacle()) return std::move(*fault);
  agent::WhichAnswer answer;
  const Answer<const Entry*> chosen = look_up(request, &answer.steps);
  if (chosen) answer.profile = (*chosen)->profile;
  if (const Answer<const Entry*> given = get_token(request); !given)
    answer.fault = agent::short_name_of(given.error().code);
  return answer;
}

void TokenService::set_route(const agent::call::SetRoute& request, const Done<void>& done) {
  load_if_needed();

  struct Change {
    agent::call::SetRoute request;
    std::vector<agent::Route> routes{};
    Result<void> saved{};
  };

  auto step = std::make_shared<Change>(Change{.request = request});
  const auto begin = [this, step, done] {
    std::optional<Fault> fault = obstacle();
    const std::optional<token::ProfileName>& profile = step->request.profile;
    if (!fault && profile && catalogue_.find(profile->str()) == nullptr)
      fault = Fault{.code = FaultCode::not_found, .text = "no profile named " + profile->str()};
    Answer<std::vector<agent::Route>> routes = routes_.changed(step->request);
    if (!fault && !routes) fault = routes.error();
    if (fault) {
      done(std::move(*fault));
      return false;
    }
    step->routes = std::move(*routes);
    return true;
  };
  const auto work = [this, step] { step->saved = save_routes(routes_file(files_), step->routes); };
  const auto finish = [this, step, done] {
    if (!step->saved) {
      done(agent::fault_from(step->saved.error()));
      return;
    }
    routes_.take_set(std::move(step->routes));
    done({});
  };
  queue_.submit({.begin = begin, .work = work, .finish = finish});
}

}  // namespace hfauth::daemon
