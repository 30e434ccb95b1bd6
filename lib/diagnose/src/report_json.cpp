// SPDX-License-Identifier: Apache-2.0
//
// The doctor's report as JSON (docs/schema/doctor-1.json).
#include "hfauth/diagnose/render.hpp"
#include "json_parts.hpp"

#include <nlohmann/json.hpp>

namespace hfauth::diagnose {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json json_of(const TokenReport& token) {
  Json sources = Json::array();
  for (const TokenReport::Source& source : token.sources) {
    sources.push_back({{"kind", source.kind}, {"where", source.where}});
  }
  Json object{{"ref", token.ref},
              {"mask", token.mask},
              {"fingerprint", token.fingerprint},
              {"sources", std::move(sources)},
              {"state", token.state}};
  if (!token.account.empty()) {
    object["account"] = token.account;
  }
  if (!token.role.empty()) {
    object["role"] = token.role;
  }
  object["expires"] = text_or_null(token.expires);
  return object;
}

std::string_view name_of(token::ResolutionStep::Outcome outcome) {
  using Outcome = token::ResolutionStep::Outcome;
  switch (outcome) {
    case Outcome::used:
      return "used";
    case Outcome::empty:
      return "empty";
    case Outcome::not_set:
      return "not_set";
    case Outcome::missing:
      return "missing";
    case Outcome::shadowed:
      return "shadowed";
    case Outcome::raises:
      return "raises";
    case Outcome::not_asked:
      break;
  }
  return "not_asked";
}

std::string_view name_of(token::Notice notice) {
  switch (notice) {
    case token::Notice::next_request:
      return "next_request";
    case token::Notice::next_start:
      return "next_start";
    case token::Notice::next_session:
      break;
  }
  return "next_session";
}

Json json_of(const ScriptFacts& script) {
  Json places = Json::array();
  for (const ScriptPlace& place : script.places) {
    Json one{{"kind", place.kind}, {"line", place.line}};
    if (place.cell != 0) one["cell"] = place.cell;
    if (!place.subject.empty()) one["subject"] = place.subject;
    if (!place.token.fingerprint.empty()) {
      one["mask"] = place.token.mask;
      one["fingerprint"] = place.token.fingerprint;
    }
    places.push_back(std::move(one));
  }
  return {{"path", script.path}, {"notebook", script.notebook}, {"places", std::move(places)}};
}

Json json_of(const ClientReport& client) {
  Json steps = Json::array();
  for (const ClientReport::Step& step : client.steps) {
    Json one{{"where", step.where},
             {"outcome", name_of(step.outcome)},
             {"token", text_or_null(step.token)}};
    if (step.noticed) one["change_noticed"] = name_of(*step.noticed);
    steps.push_back(std::move(one));
  }
  return {
      {"client", client.client}, {"version", client.version}, {"uses", text_or_null(client.uses)},
      {"sends", client.sends},   {"order", client.order},     {"steps", std::move(steps)}};
}

}  // namespace

std::string report_json(const Report& report, const RunInfo& run) {
  Json document = begin_json(run, run.mode, report.runtime);
  if (report.client_asked)
    document["run"]["for"] = report.clients.size() > 1 ? "all" : report.clients.front().client;
  if (!report.context.empty()) document["run"]["context"] = report.context;
  if (!run.targets.empty()) document["run"]["targets"] = run.targets;
  document["run"]["offline"] = report.offline;
  document["verdict"] = {{"state", name_of(report.state)},
                         {"exit_code", report.exit_code},
                         {"headline", report.headline},
                         {"roots", report.roots}};
  if (!report.next.empty()) {
    document["verdict"]["next"] = report.next;
  }
  document["identity"] = {{"account", text_or_null(report.account)},
                          {"role", text_or_null(report.role)},
                          {"token_ref", text_or_null(report.token_ref)}};
  document["tokens"] = Json::array();
  for (const TokenReport& token : report.tokens) {
    document["tokens"].push_back(json_of(token));
  }
  document["clients"] = Json::array();
  for (const ClientReport& client : report.clients) {
    document["clients"].push_back(json_of(client));
  }
  for (const TriedToken& tried : report.tried) {
    Json one{{"token", tried.ref}, {"outcome", tried.outcome}, {"detail", tried.detail}};
    if (!tried.target.empty()) one["target"] = tried.target;
    document["tried"].push_back(std::move(one));
  }
  for (const ScriptFacts& script : report.scripts) {
    document["scripts"].push_back(json_of(script));
  }
  document["findings"] = Json::array();
  for (const Finding& finding : report.findings) {
    document["findings"].push_back(json_of(finding));
  }
  document["incomplete"] = Json::array();
  for (const Incomplete& incomplete : report.incomplete) {
    document["incomplete"].push_back({{"id", incomplete.id}, {"reason", incomplete.reason}});
  }
  return dump(document);
}

}  // namespace hfauth::diagnose
