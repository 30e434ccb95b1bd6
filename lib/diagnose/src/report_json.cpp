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

Json json_of(const ClientReport& client) {
  return {{"client", client.client},
          {"version", client.version},
          {"uses", text_or_null(client.uses)},
          {"order", client.order}};
}

}  // namespace

std::string report_json(const Report& report, const RunInfo& run) {
  Json document = begin_json(run, "doctor", report.runtime);
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
