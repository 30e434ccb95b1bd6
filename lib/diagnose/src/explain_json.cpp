// SPDX-License-Identifier: Apache-2.0
//
// The JSON of `hfauth explain`: the report's schema, with the message's own fields added to each
// finding.
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/render.hpp"
#include "json_parts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using Json = nlohmann::ordered_json;

std::string_view state_of(const Explained& explained) {
  if (explained.explanations.empty()) {
    return "unknown";
  }
  const auto gravest = std::max_element(
      explained.explanations.begin(), explained.explanations.end(),
      [](const Explanation& a, const Explanation& b) { return a.impact < b.impact; });
  switch (gravest->impact) {
    case Impact::harmless:
      return "healthy";
    case Impact::limits:
      return "degraded";
    case Impact::blocks:
      break;
  }
  return "blocked";
}

Json json_of_versions(const HubVersions& versions) {
  Json object{{"from", versions.from}, {"to", nullptr}};
  if (!versions.to.empty()) {
    object["to"] = versions.to;
  }
  return object;
}

Json json_of_printer(const PrintedBy& by) {
  Json object{{"product", by.product}, {"from", nullptr}, {"to", nullptr}};
  if (!by.from.empty()) {
    object["from"] = by.from;
  }
  if (!by.to.empty()) {
    object["to"] = by.to;
  }
  return object;
}

Json json_of(const Explanation& explanation) {
  Json object = json_of(explanation.finding);
  object["impact"] = name_of(explanation.impact);
  for (const auto& [name, text] :
       {std::pair{"message", &explanation.message}, std::pair{"quote", &explanation.quote},
        std::pair{"says", &explanation.says}, std::pair{"means", &explanation.means}}) {
    if (!text->empty()) {  // a check that no message tells of has none
      object[name] = *text;
    }
  }
  if (!explanation.again.empty()) {
    object["note"] = explanation.again;
  }
  if (!explanation.printed_by.product.empty()) {
    object["printed_by"] = json_of_printer(explanation.printed_by);
  }
  if (explanation.versions.known()) {
    object["huggingface_hub"] = json_of_versions(explanation.versions);
  }
  if (explanation.first_line != 0) {  // else it is a page
    object["lines"] = {{"first", explanation.first_line}, {"last", explanation.last_line}};
    object["count"] = explanation.count;
    if (explanation.cell != 0) {
      object["span"] = {{"cell", explanation.cell}};
    }
  }
  return object;
}

}  // namespace

std::string explained_json(const Explained& explained, const RunInfo& run) {
  Json document = begin_json(run, "explain", schema_name_of(explained.runtime));
  Json roots = Json::array();
  Json findings = Json::array();
  for (const Explanation& explanation : explained.explanations) {
    if (explanation.finding.is_root) {
      roots.push_back(explanation.finding.id);
    }
    findings.push_back(json_of(explanation));
  }
  const std::string headline = explained.explanations.empty()
                                   ? std::string(tr("No known message about authentication."))
                                   : explained.explanations.front().finding.title;
  document["verdict"] = {{"state", state_of(explained)},
                         {"exit_code", exit_code_of(explained)},
                         {"headline", headline},
                         {"roots", std::move(roots)}};
  document["findings"] = std::move(findings);
  document["text"] = {{"lines", explained.lines}, {"left_out", explained.left_out}};
  document["text"]["runtime"] = name_of(explained.runtime);
  if (explained.versions.known()) {
    document["text"]["huggingface_hub"] = json_of_versions(explained.versions);
  }
  return dump(document);
}

}  // namespace hfauth::diagnose
