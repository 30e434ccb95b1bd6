// SPDX-License-Identifier: Apache-2.0
//
// Markdown as GitHub renders it. Every character that could mean something there is escaped, so a
// file name cannot make a link, an image or a mention.
#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/reports.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

std::string words(std::string_view text) {
  static constexpr std::string_view kReserved = "\\`*_{}[]()<>#+!|~&";
  std::string result;
  const std::string shown = utf8::visible(redact(text));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    // Mentions and bare addresses have no escape; an entity in them is enough.
    if (c == '@') {
      result += "&#64;";
    } else if (c == ':' && shown.compare(i, 3, "://") == 0) {
      result += "&#58;";
    } else if (c == '.' && i >= 3 && shown.compare(i - 3, 3, "www") == 0) {
      result += "&#46;";
    } else {
      if (kReserved.find(c) != std::string_view::npos) result += '\\';
      result += c;
    }
  }
  return result;
}

/// In backticks, more of them than the text has in a row.
std::string code(std::string_view text) {
  const std::string shown = utf8::visible(redact(text));
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : shown) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{0} {1} {0}", fence, shown);
}

void put_finding(std::string& text, const Finding& finding) {
  text += fmt::format("### {} {} ({}, {})\n\n{}\n\n", finding.id, words(finding.title),
                      name_of(finding.severity), name_of(finding.confidence), words(finding.why));
  for (const Evidence& evidence : finding.evidence) {
    text += "- " + words(evidence.text);
    if (!evidence.request_id.empty()) text += ", request id " + code(evidence.request_id);
    text += "\n";
  }
  for (const Fix& fix : finding.fixes) {
    for (const FixStep& step : fix.steps) {
      text += fmt::format("- {}: {}\n", tr("Fix"),
                          step.command.empty() ? words(step.text) : code(step.command));
    }
  }
  text += "\n";
}

void put_tokens(std::string& text, const Report& report) {
  if (report.tokens.empty()) return;
  text += fmt::format("## {}\n\n| | {} | {} | {} |\n|---|---|---|---|\n", tr("Tokens"),
                      tr("fingerprint"), tr("state"), tr("where"));
  for (const TokenReport& token : report.tokens) {
    std::string places;
    for (const TokenReport::Source& source : token.sources)
      places += (places.empty() ? "" : ", ") + words(source.where);
    text += fmt::format("| {} | {} | {} | {} |\n", words(token.ref), words(token.fingerprint),
                        token.state, places);
  }
  text += "\n";
}

}  // namespace

std::string report_markdown(const Report& report, const RunInfo& run) {
  std::string text =
      fmt::format("# hfauth doctor: {}\n\n{}\n\n", name_of(report.state), words(report.headline));
  text +=
      fmt::format("hfauth {}, {}, {}\n\n", run.version, format_utc(run.started), report.runtime);
  for (const Finding& finding : report.findings) {
    if (finding.is_root) put_finding(text, finding);
  }
  std::string symptoms;
  for (const Finding& finding : report.findings) {
    if (finding.is_root) continue;
    std::string roots;
    for (const std::string& root : finding.caused_by)
      roots += (roots.empty() ? "" : ", ") + root;
    symptoms += fmt::format("- {} {} \u2190 {}\n", finding.id, words(finding.title), roots);
  }
  if (!symptoms.empty()) text += symptoms + "\n";
  put_tokens(text, report);
  if (!report.clients.empty()) text += fmt::format("## {}\n\n", tr("Clients"));
  for (const ClientReport& client : report.clients) {
    text += fmt::format("- {} {} \u2192 {}\n", words(client.client), words(client.version),
                        client.uses.empty() ? "-" : client.uses);
    for (const std::string& step : client.order)
      text += "  - " + words(step) + "\n";
  }
  for (const Incomplete& incomplete : report.incomplete)
    text += fmt::format("- ? {}: {}\n", incomplete.id, words(incomplete.reason));
  return text;
}

}  // namespace hfauth::diagnose
