// SPDX-License-Identifier: Apache-2.0
//
// For coding agents (`--format agent`): every line a row of key=value, the first word saying what
// it is about; a value with anything but plain characters in it is a JSON string. The roots whole,
// symptoms by their cause alone: what an agent reads it pays for.
#include "hfauth/core/ascii.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/reports.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace hfauth::diagnose {
namespace {

class Rows {
 public:
  Rows& begin(std::string_view key, std::string_view value) {
    if (!text_.empty()) text_ += '\n';
    return write(key, value);
  }

  /// Nothing if there is no value.
  Rows& also(std::string_view key, std::string_view value) {
    if (value.empty()) return *this;
    text_ += ' ';
    return write(key, value);
  }

  [[nodiscard]] std::string take() && { return std::move(text_) + "\n"; }

 private:
  Rows& write(std::string_view key, std::string_view value) {
    const std::string shown = utf8::visible(redact(value));
    const bool plain = !shown.empty() && std::all_of(shown.begin(), shown.end(), [](char c) {
      return ascii::is_alnum(c) ||
             std::string_view("-_.,:/~*@+()").find(c) != std::string_view::npos;
    });
    text_.append(key).append("=").append(
        plain
            ? shown
            : nlohmann::json(shown).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    return *this;
  }

  std::string text_;
};

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ","));
}

void put_fixes(Rows& rows, const Finding& finding) {
  for (const Fix& fix : finding.fixes) {
    for (const FixStep& step : fix.steps) {
      rows.begin("fix", step.command.empty() ? step.text : step.command)
          .also("safety", name_of(fix.safety))
          .also("verified", fix.verified ? "yes" : "")
          .also("when", step.command.empty() ? ""
                        : step.text.empty()  ? fix.title
                                             : step.text)
          .also("url", step.url);
    }
  }
}

void put_proofs(Rows& rows, const Finding& finding) {
  for (const Evidence& evidence : finding.evidence) {
    rows.begin("proof", evidence.text)
        .also("where", evidence.where)
        .also("line", evidence.line == 0 ? "" : std::to_string(evidence.line))
        .also("request_id", evidence.request_id);
  }
}

}  // namespace

std::string report_agent(const Report& report) {
  Rows rows;
  rows.begin("verdict", name_of(report.state))
      .also("exit", std::to_string(report.exit_code))
      .also("roots", joined(report.roots))
      .also("account", report.account)
      .also("role", report.role)
      .also("headline", report.headline);
  for (const Finding& finding : report.findings) {
    rows.begin("finding", finding.id)
        .also("severity", name_of(finding.severity))
        .also("confidence", name_of(finding.confidence))
        .also("caused_by", joined(finding.caused_by))
        .also("title", finding.title);
    if (!finding.is_root || finding.acknowledged) continue;
    rows.begin("why", finding.why);
    put_proofs(rows, finding);
    put_fixes(rows, finding);
  }
  for (const Incomplete& incomplete : report.incomplete)
    rows.begin("not_known", incomplete.id).also("reason", incomplete.reason);
  if (!report.next.empty()) rows.begin("next", report.next);
  return std::move(rows).take();
}

std::string explained_agent(const Explained& explained) {
  Rows rows;
  rows.begin("messages", std::to_string(explained.explanations.size()))
      .also("lines", std::to_string(explained.lines))
      .also("runtime", name_of(explained.runtime))
      .also("huggingface_hub", explained.versions.from);
  for (const Explanation& one : explained.explanations) {
    rows.begin("message", one.message.empty() ? one.finding.id : one.message)
        .also("check", one.finding.id)
        .also("impact", name_of(one.impact))
        .also("line", one.first_line == 0 ? "" : std::to_string(one.first_line))
        .also("count", one.count == 1 ? "" : std::to_string(one.count))
        .also("title", one.finding.title);
    rows.begin("says", one.says).also("means", one.means).also("why", one.finding.why);
    put_fixes(rows, one.finding);
    if (!one.again.empty()) rows.begin("again", one.again);
  }
  return std::move(rows).take();
}

}  // namespace hfauth::diagnose
