// SPDX-License-Identifier: Apache-2.0
//
// SARIF 2.1.0 (OASIS Standard, 27 March 2020). A file is named relative to the base SRCROOT if it
// lies in the current folder, which is where a code scanner looks, else to HOME, and what those are
// is left to the reader; what is no file (a variable, a process) is a logical location. The partial
// fingerprint is the check and its place: uploaders that make their own disagree on which results
// are the same.
#include "file_place.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/reports.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

using Json = nlohmann::ordered_json;
using utf8::visible;

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
constexpr const char* kHelp = "https://hfauth.dev/checks/";

const char* level_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      return "note";
    case Severity::ok:
    case Severity::skip:
    case Severity::unknown:
      break;
  }
  return "none";
}

Json message(const std::string& text) {
  return {{"text", visible(text)}};
}

/// RFC 3986: all but the unreserved characters and "/" as %XX.
std::string uri_of(std::string_view path) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
        (byte >= 'A' && byte <= 'Z') ||
        std::string_view("-._~/").find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return uri;
}

Json physical(const FilePlace& place, const RunInfo& run) {
  const std::string here = below_folder(place.path, run.folder);
  Json artifact = !here.empty() ? Json{{"uri", uri_of(here)}, {"uriBaseId", "SRCROOT"}}
                  : place.path.starts_with("~/")
                      ? Json{{"uri", uri_of(place.path.substr(2))}, {"uriBaseId", "HOME"}}
                      : Json{{"uri", "file://" + uri_of(place.path)}};
  Json location{{"artifactLocation", std::move(artifact)}};
  if (place.line != 0) location["region"] = {{"startLine", place.line}};
  return {{"physicalLocation", std::move(location)}};
}

Json logical(const std::string& name) {
  return {{"logicalLocations", Json::array({{{"fullyQualifiedName", name}}})}};
}

Json locations_of(const Finding& finding, const RunInfo& run) {
  Json locations = Json::array();
  for (const FilePlace& place : file_places_of(finding))
    locations.push_back(physical(place, run));
  for (const Evidence& evidence : finding.evidence) {
    const bool is_file = evidence.kind == EvidenceKind::file;
    if (!is_file && !evidence.where.empty())
      locations.push_back(
          logical(std::string(name_of(evidence.kind)) + "/" + visible(evidence.where)));
  }
  if (locations.empty()) locations.push_back(logical("machine"));
  return locations;
}

std::string place_of(const Finding& finding) {
  const auto placed = std::find_if(finding.evidence.begin(), finding.evidence.end(),
                                   [](const Evidence& one) { return !one.where.empty(); });
  return placed == finding.evidence.end() ? "" : placed->where;
}

Json rule_of(const CheckInfo& info) {
  return {{"id", info.id},
          {"name", info.slug},
          {"shortDescription", message(tr(info.title))},
          {"fullDescription", message(tr(info.why))},
          {"help", message(tr(info.remedy))},
          {"helpUri", std::string(kHelp) + std::string(info.id)},
          {"defaultConfiguration", {{"level", level_of(info.severity)}}}};
}

std::string text_of(const Finding& finding) {
  std::string text = finding.title + ". " + finding.why;
  for (const Evidence& evidence : finding.evidence)
    text += "\n" + visible(evidence.text);
  return text;
}

Json result_of(const Finding& finding, std::size_t rule, const RunInfo& run) {
  // Line breaks of the text are ours; each part was made visible.
  return {{"ruleId", finding.id},
          {"ruleIndex", rule},
          {"level", level_of(finding.severity)},
          {"message", {{"text", text_of(finding)}}},
          {"locations", locations_of(finding, run)},
          {"partialFingerprints", {{"hfauth/v1", finding.id + "/" + visible(place_of(finding))}}},
          {"properties",
           {{"slug", finding.slug},
            {"confidence", name_of(finding.confidence)},
            {"isRoot", finding.is_root},
            {"causedBy", finding.caused_by}}}};
}

}  // namespace

std::string report_sarif(const Report& report, const RunInfo& run) {
  Json rules = Json::array();
  std::vector<std::string> ids = report.checked;
  for (const Finding& finding : report.findings) {
    if (std::find(ids.begin(), ids.end(), finding.id) == ids.end()) ids.push_back(finding.id);
  }
  for (const std::string& id : ids) {
    if (const CheckInfo* info = find_check(id)) rules.push_back(rule_of(*info));
  }
  Json results = Json::array();
  for (const Finding& finding : report.findings) {
    const auto rule = std::find(ids.begin(), ids.end(), finding.id);
    results.push_back(result_of(finding, static_cast<std::size_t>(rule - ids.begin()), run));
  }
  Json notes = Json::array();
  for (const Incomplete& incomplete : report.incomplete) {
    notes.push_back({{"level", "warning"},
                     {"message", message(incomplete.reason)},
                     {"descriptor", {{"id", incomplete.id}}}});
  }
  const Json document{
      {"$schema", kSchema},
      {"version", "2.1.0"},
      {"runs", Json::array({{{"tool",
                              {{"driver",
                                {{"name", "hfauth"},
                                 {"version", run.version},
                                 {"informationUri", "https://hfauth.dev"},
                                 {"language", language()},
                                 {"rules", std::move(rules)}}}}},
                             {"invocations",
                              Json::array({{{"executionSuccessful", true},
                                            {"startTimeUtc", format_utc(run.started)},
                                            {"exitCode", report.exit_code},
                                            {"toolExecutionNotifications", std::move(notes)}}})},
                             {"columnKind", "unicodeCodePoints"},
                             {"results", std::move(results)}}})}};
  return redact(document.dump(-1, ' ', false, Json::error_handler_t::replace)) + "\n";
}

}  // namespace hfauth::diagnose
