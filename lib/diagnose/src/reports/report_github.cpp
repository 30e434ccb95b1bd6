// SPDX-License-Identifier: Apache-2.0
//
// Workflow commands (docs.github.com, "Workflow commands for GitHub Actions"): one line each. What
// could begin another line or end a property is written as %XX, as @actions/core does it.
#include "file_place.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/reports.hpp"

#include <fmt/format.h>

namespace hfauth::diagnose {
namespace {

std::string escaped(std::string_view text, std::string_view reserved) {
  std::string result;
  for (const char c : utf8::visible(redact(text))) {
    if (reserved.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

std::string in_message(std::string_view text) {
  return escaped(text, "%\r\n");
}

std::string in_property(std::string_view text) {
  return escaped(text, "%\r\n:,");
}

const char* command_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    default:
      return "notice";
  }
}

/// "file=x,line=3," for a file of the current folder, where the runner has the repository; "" for
/// others, which GitHub cannot show.
std::string place_of(const Finding& finding, std::string_view folder) {
  for (const FilePlace& place : file_places_of(finding)) {
    const std::string file = below_folder(place.path, folder);
    if (file.empty()) continue;
    const std::string line = place.line == 0 ? "" : fmt::format("line={},", place.line);
    return fmt::format("file={},{}", in_property(file), line);
  }
  return "";
}

std::string line_of(const Finding& finding, std::string_view folder) {
  std::string text = in_message(finding.title) + ". " + in_message(finding.why);
  for (const Evidence& evidence : finding.evidence)
    text += "%0A" + in_message(evidence.text);
  for (const Fix& fix : finding.fixes) {
    for (const FixStep& step : fix.steps)
      text += "%0A> " + in_message(step.command.empty() ? step.text : step.command);
  }
  return fmt::format("::{} {}title={} {}::{}\n", command_of(finding.severity),
                     place_of(finding, folder), in_property(finding.id), in_property(finding.slug),
                     text);
}

}  // namespace

std::string report_github(const Report& report, const RunInfo& run) {
  std::string lines;
  for (const Finding& finding : report.findings) {
    if (finding.is_root) lines += line_of(finding, run.folder);
  }
  for (const Incomplete& incomplete : report.incomplete) {
    lines += fmt::format("::notice title={}::{}\n", in_property(incomplete.id),
                         in_message(incomplete.reason));
  }
  if (lines.empty()) lines = "::notice title=hfauth doctor::" + in_message(report.headline) + "\n";
  return lines;
}

}  // namespace hfauth::diagnose
