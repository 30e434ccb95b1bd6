// SPDX-License-Identifier: Apache-2.0
//
// The page. It needs nothing from anywhere: its style is within, it has no script, and its policy
// lets a browser load nothing, so that a text that got through would still do nothing.
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/reports.hpp"
#include "labels.hpp"
#include "markup.hpp"
#include "source_picture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::diagnose {

std::string_view report_page_style() noexcept;  // report_page.css, by cmake/EmbedText.cmake

namespace {

/// The schema's words of a token's state, for people.
std::string state_label(const std::string& state) {
  if (state == "valid") return tr("valid");
  if (state == "invalid") return tr("invalid");
  if (state == "expired") return tr("expired");
  return state == "not_checked" ? tr("not checked") : tr("unknown");
}

const char* class_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::info:
      return "info";
    default:
      return "unknown-finding";
  }
}

class Page {
 public:
  Page(const Report& report, const RunInfo& run) : report_(report), run_(run) {}

  std::string build() && {
    put_head();
    put_verdict();
    put_sources();
    put_findings();
    put_tokens();
    put_unknown();
    put_end();
    return std::move(html_);
  }

 private:
  template <class... Arguments>
  void put(fmt::format_string<Arguments...> form, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(html_), form, std::forward<Arguments>(arguments)...);
  }

  void put_head() {
    put("<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", language());
    put("<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action "
        "'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>hfauth doctor: {}</title>\n<style>\n",
        in_markup(report_.headline));
    html_ += report_page_style();
    html_ += "</style>\n</head>\n<body>\n";
  }

  void put_verdict() {
    put("<header class=\"verdict {}\">\n<h1>{}</h1>\n", name_of(report_.state),
        in_markup(report_.headline));
    if (!report_.next.empty())
      put("<p>{}</p>\n<pre>{}</pre>\n", in_markup(tr("next:")), in_markup(report_.next));
    html_ += "</header>\n";
  }

  void put_sources() {
    if (report_.clients.empty()) return;
    put("<h2>{}</h2>\n", in_markup(tr("Where your token comes from")));
    for (const ClientReport& client : report_.clients) {
      html_ += "<section class=\"card\">\n";
      if (client.steps.empty()) {
        put("<h3>{} {}</h3>\n", in_markup(client.client), in_markup(client.version));
        put_list(client.order);
      } else {
        put("<div class=\"wide\">{}</div>\n", source_picture(client, report_));
        put("<ul class=\"legend\"><li><span class=\"l-used\"></span>{}</li>"
            "<li><span class=\"l-shadowed\"></span>{}</li>"
            "<li><span class=\"l-none\"></span>{}</li></ul>\n",
            in_markup(tr("wins")), in_markup(tr("has a token, but is shadowed")),
            in_markup(tr("nothing there")));
      }
      html_ += "</section>\n";
    }
  }

  void put_list(const std::vector<std::string>& texts) {
    html_ += "<ol>\n";
    for (const std::string& text : texts)
      put("<li>{}</li>\n", in_markup(text));
    html_ += "</ol>\n";
  }

  void put_findings() {
    if (report_.findings.empty()) return;
    put("<h2>{}</h2>\n", in_markup(tr("Findings")));
    for (const Finding& finding : report_.findings) {
      if (finding.is_root) put_finding(finding);
    }
  }

  void put_finding(const Finding& finding) {
    put("<section class=\"card\" id=\"{0}\">\n<span class=\"badge {1}\">{2}, {3}</span>\n"
        "<h3><span class=\"id\">{0}</span>{4}</h3>\n<p>{5}</p>\n",
        in_markup(finding.id), class_of(finding.severity), in_markup(label_of(finding.severity)),
        in_markup(label_of(finding.confidence)), in_markup(finding.title), in_markup(finding.why));
    if (!finding.evidence.empty()) {
      put("<p class=\"label\">{}</p>\n<ul>\n", in_markup(tr("Proof")));
      for (const Evidence& evidence : finding.evidence) {
        put("<li>{}", in_markup(evidence.text));
        if (!evidence.request_id.empty())
          put(" <span class=\"soft\">({})</span>", in_markup(evidence.request_id));
        html_ += "</li>\n";
      }
      html_ += "</ul>\n";
    }
    const std::size_t count = finding.fixes.size();
    for (std::size_t i = 0; i < count; ++i)
      put_fix(fix_label(i, count), finding.fixes[i]);
    put_symptoms(finding);
    html_ += "</section>\n";
  }

  void put_fix(const std::string& label, const Fix& fix) {
    put("<p class=\"label\">{}{}{}</p>\n", in_markup(label), fix.title.empty() ? "" : ": ",
        in_markup(fix.title));
    for (const FixStep& step : fix.steps) {
      if (!step.text.empty()) put("<p>{}</p>\n", in_markup(step.text));
      if (!step.command.empty()) put("<pre>{}</pre>\n", in_markup(step.command));
      if (step.url.starts_with("https://"))
        put("<p><a href=\"{0}\" rel=\"noreferrer noopener\">{0}</a></p>\n", in_markup(step.url));
    }
    if (fix.verified)
      put("<p class=\"verified\">{}</p>\n",
          in_markup(fix.changes.empty()
                        ? tr("tried in a replay: the Hub accepts the token that Python then uses")
                        : tr("tried in a replay: the finding is gone and nothing is worse")));
  }

  void put_symptoms(const Finding& root) {
    for (const Finding& finding : report_.findings) {
      if (!finding.is_root && !finding.caused_by.empty() && finding.caused_by.front() == root.id) {
        put("<p class=\"soft\">{}</p>\n",
            in_markup(fmt::format(fmt::runtime(tr("seen because of it: {} {}")), finding.id,
                                  finding.title)));
      }
    }
  }

  void put_tokens() {
    if (report_.tokens.empty()) return;
    put("<h2>{}</h2>\n<section class=\"card wide\"><table>\n<tr><th>{}</th><th>{}</th>"
        "<th>{}</th><th>{}</th><th>{}</th></tr>\n",
        in_markup(tr("Tokens")), in_markup(tr("token")), in_markup(tr("state")),
        in_markup(tr("account")), in_markup(tr("expires")), in_markup(tr("where")));
    for (const TokenReport& token : report_.tokens) {
      std::string places;
      for (const TokenReport::Source& source : token.sources) {
        const std::string place =
            source.kind == "keyring"
                ? fmt::format(fmt::runtime(tr("agent, profile {}")), source.where)
                : source.where;
        places += (places.empty() ? "" : "<br>") + in_markup(place);
      }
      const std::string account = token.account.empty() || token.role.empty()
                                      ? token.account
                                      : token.account + " (" + token.role + ")";
      put("<tr><td><code>{}</code><br><span class=\"soft\">{}</span></td><td>{}</td><td>{}</td>"
          "<td>{}</td><td>{}</td></tr>\n",
          in_markup(token.mask), in_markup(token.fingerprint), in_markup(state_label(token.state)),
          in_markup(account), in_markup(token.expires.substr(0, 10)), places);
    }
    html_ += "</table></section>\n";
  }

  void put_unknown() {
    if (report_.incomplete.empty()) return;
    put("<h2>{}</h2>\n<section class=\"card\"><ul>\n", in_markup(tr("Not known")));
    for (const Incomplete& incomplete : report_.incomplete)
      put("<li><span class=\"id\">{}</span>{}</li>\n", in_markup(incomplete.id),
          in_markup(incomplete.reason));
    html_ += "</ul></section>\n";
  }

  void put_end() {
    put("<footer>hfauth {} \u00b7 {} \u00b7 {}</footer>\n</body>\n</html>\n",
        in_markup(run_.version), format_utc(run_.started),
        in_markup(fmt::format(fmt::runtime(tr("{} checks in {:.1f} s")), report_.checks_run,
                              static_cast<double>(run_.duration.count()) / 1000.0)));
  }

  const Report& report_;
  const RunInfo& run_;
  std::string html_;
};

}  // namespace

std::string report_html(const Report& report, const RunInfo& run) {
  return Page(report, run).build();
}

}  // namespace hfauth::diagnose
