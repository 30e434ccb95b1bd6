// SPDX-License-Identifier: Apache-2.0
//
// Findings as JSON. Keys are those of docs/schema/doctor-1.json; optional ones are left out when
// there is nothing to say.
#include "json_parts.hpp"

#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"

#include <nlohmann/json.hpp>

namespace hfauth::diagnose {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kRulesVersion =
    "2026-11";  // the state of the Hub's clients that the rules know

void put_if(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) {
    object[key] = value;
  }
}

Json json_of(const Evidence& evidence) {
  Json object{{"kind", name_of(evidence.kind)}, {"text", evidence.text}};
  put_if(object, "where", evidence.where);
  if (evidence.line != 0) object["line"] = evidence.line;
  put_if(object, "request_id", evidence.request_id);
  return object;
}

Json json_of(const Fix& fix) {
  Json steps = Json::array();
  for (const FixStep& step : fix.steps) {
    Json object = Json::object();
    put_if(object, "text", step.text);
    put_if(object, "command", step.command);
    put_if(object, "url", step.url);
    steps.push_back(std::move(object));
  }
  Json object{{"safety", name_of(fix.safety)}, {"verified", fix.verified}};
  put_if(object, "title", fix.title);
  object["steps"] = std::move(steps);
  for (const FixChange& change : fix.changes) {
    Json one{{"kind", name_of(change.kind)}, {"path", change.path}};
    if (change.line != 0) one["line"] = change.line;
    put_if(one, "value", change.value);
    object["changes"].push_back(std::move(one));
  }
  return object;
}

}  // namespace

Json json_of(const Finding& finding) {
  Json object{{"id", finding.id},
              {"slug", finding.slug},
              {"severity", name_of(finding.severity)},
              {"confidence", name_of(finding.confidence)},
              {"is_root", finding.is_root},
              {"caused_by", finding.caused_by},
              {"title", finding.title},
              {"why", finding.why}};
  Json evidence = Json::array();
  for (const Evidence& item : finding.evidence) {
    evidence.push_back(json_of(item));
  }
  object["evidence"] = std::move(evidence);
  Json fixes = Json::array();
  for (const Fix& fix : finding.fixes) {
    fixes.push_back(json_of(fix));
  }
  object["fixes"] = std::move(fixes);
  if (finding.acknowledged) {
    object["acknowledged"] = {{"until", finding.acknowledged->until},
                              {"reason", finding.acknowledged->reason}};
  }
  object["doc"] = "docs/checks/" + finding.id + ".md";
  return object;
}

Json begin_json(const RunInfo& run, std::string_view mode, std::string_view runtime) {
  return Json{{"schema", 1},
              {"tool", {{"name", "hfauth"}, {"version", run.version}, {"rules", kRulesVersion}}},
              {"run",
               {{"started", format_utc(run.started)},
                {"duration_ms", run.duration.count()},
                {"mode", mode},
                {"offline", run.offline},
                {"lang", language()},
                {"runtime", runtime}}}};
}

std::string dump(const Json& document) {
  return redact(document.dump(-1, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace hfauth::diagnose
