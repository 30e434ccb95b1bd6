// SPDX-License-Identifier: Apache-2.0
//
// GetToken's question, routes, and Which: JSON to values and back.
#include "routing_messages.hpp"

#include "messages.hpp"

#include <utility>

namespace hfauth::agent {
namespace {

std::string read_word(Parameters& in, std::string_view key,
                      bool (*is_fit)(std::string_view) noexcept) {
  std::string text = in.optional_text(key).value_or("");
  if (!text.empty() && !is_fit(text)) in.reject(key);
  return text;
}

void write_if_said(JsonWriter& json, std::string_view key, const std::string& text) {
  if (!text.empty()) json.member(key, std::string_view(text));
}

void write_or_null(JsonWriter& json, std::string_view key, const std::string& text) {
  json.key(key);
  if (text.empty()) {
    json.null();
  } else {
    json.string(text);
  }
}

}  // namespace

call::GetToken read_question(Parameters& in) {
  call::GetToken question;
  question.profile = in.optional_profile("profile");
  question.endpoint = in.optional_endpoint("endpoint");
  question.purpose.repo = read_word(in, "repo", is_repo_text);
  question.purpose.repo_type = read_word(in, "repo_type", is_repo_type);
  question.purpose.write = in.optional_flag("write");
  return question;
}

void write_question(JsonWriter& json, const call::GetToken& question) {
  if (question.profile) json.member("profile", std::string_view(question.profile->str()));
  if (question.endpoint) json.member("endpoint", std::string_view(question.endpoint->url()));
  write_if_said(json, "repo", question.purpose.repo);
  write_if_said(json, "repo_type", question.purpose.repo_type);
  if (question.purpose.write) json.member("write", true);
}

RoutePattern read_pattern(Parameters& in) {
  RoutePattern pattern;
  pattern.endpoint = in.optional_endpoint("endpoint");
  pattern.repo_type = read_word(in, "repo_type", is_repo_type);
  pattern.repo = in.text("repo");
  if (!is_repo_text(pattern.repo)) in.reject("repo");
  pattern.access = read_word(in, "access", is_access);
  return pattern;
}

void write_pattern(JsonWriter& json, const RoutePattern& pattern) {
  if (pattern.endpoint) json.member("endpoint", std::string_view(pattern.endpoint->url()));
  write_if_said(json, "repo_type", pattern.repo_type);
  json.member("repo", std::string_view(pattern.repo));
  write_if_said(json, "access", pattern.access);
}

void write_route(JsonWriter& json, const Route& route) {
  json.begin_object();
  write_or_null(json, "endpoint", route.pattern.endpoint ? route.pattern.endpoint->url() : "");
  write_or_null(json, "repo_type", route.pattern.repo_type);
  json.member("repo", std::string_view(route.pattern.repo));
  write_or_null(json, "access", route.pattern.access);
  json.member("profile", std::string_view(route.profile));
  json.member("source", std::string_view(route.source));
  json.end_object();
}

std::optional<Route> read_route(const JsonValue& value) {
  Parameters in(value);
  Route route{.pattern = read_pattern(in), .profile = in.text("profile"), .source = {}};
  route.source = in.text("source");
  if (!in.ok()) return std::nullopt;
  return route;
}

void write_step(JsonWriter& json, const Step& step) {
  json.begin_object();
  json.member("kind", std::string_view(step.kind));
  json.member("source", std::string_view(step.source));
  json.member("pattern", std::string_view(step.pattern));
  json.member("profile", std::string_view(step.profile));
  json.member("outcome", std::string_view(step.outcome));
  json.end_object();
}

std::optional<Step> read_step(const JsonValue& value) {
  Parameters in(value);
  Step step{.kind = in.text("kind"),
            .source = in.text("source"),
            .pattern = in.text("pattern"),
            .profile = in.text("profile"),
            .outcome = in.text("outcome")};
  if (!in.ok()) return std::nullopt;
  return step;
}

}  // namespace hfauth::agent
