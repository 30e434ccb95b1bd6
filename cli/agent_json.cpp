// SPDX-License-Identifier: Apache-2.0
#include "agent_json.hpp"

#include <nlohmann/json.hpp>

namespace hfauth::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

}  // namespace

std::string json_of(const agent::WhichAnswer& answer) {
  Json steps = Json::array();
  for (const agent::Step& step : answer.steps) {
    steps.push_back({{"kind", step.kind},
                     {"source", step.source},
                     {"pattern", step.pattern},
                     {"profile", step.profile},
                     {"outcome", step.outcome}});
  }
  const std::string name = answer.profile ? answer.profile->facts.profile.str() : std::string();
  const std::string endpoint = answer.profile ? answer.profile->facts.endpoint.url() : "";
  return line_of({{"name", text_or_null(name)},
                  {"endpoint", text_or_null(endpoint)},
                  {"fault", text_or_null(answer.fault)},
                  {"decision", answer.decision},
                  {"rule", text_or_null(answer.rule)},
                  {"steps", std::move(steps)}});
}

std::string json_of(const std::vector<agent::Route>& routes) {
  Json array = Json::array();
  for (const agent::Route& route : routes) {
    const agent::RoutePattern& pattern = route.pattern;
    array.push_back({{"repo", pattern.repo},
                     {"type", text_or_null(pattern.repo_type)},
                     {"access", text_or_null(pattern.access)},
                     {"endpoint", text_or_null(pattern.endpoint ? pattern.endpoint->url() : "")},
                     {"name", route.profile},
                     {"source", text_or_null(route.source)}});
  }
  return line_of(array);
}

std::string json_of(const agent::AuditEntry& entry) {
  return line_of({{"sequence", entry.sequence},
                  {"time", format_utc(entry.time)},
                  {"event", entry.event},
                  {"outcome", entry.outcome},
                  {"profile", entry.profile},
                  {"endpoint", entry.endpoint},
                  {"repo", entry.repo},
                  {"access", entry.access},
                  {"fingerprint", entry.fingerprint},
                  {"pid", entry.pid},
                  {"program", entry.program},
                  {"unit", entry.unit},
                  {"rule", entry.rule},
                  {"times", entry.times},
                  {"hash", entry.hash}});
}

std::string json_of(const agent::AuditCheck& check) {
  return line_of({{"whole", check.broken.empty()},
                  {"entries", check.entries},
                  {"first", check.first},
                  {"last", check.last},
                  {"broken", check.broken}});
}

std::string json_of(const agent::Event& event) {
  return line_of({{"event", event.event},
                  {"time", format_utc(event.time)},
                  {"profile", event.profile},
                  {"detail", event.detail}});
}

}  // namespace hfauth::cli
