// SPDX-License-Identifier: Apache-2.0
//
// The doctor's report for people: the first line answers "am I all right", then the roots in the
// order in which to fix them, what follows from them in one line each, and the next command last,
// where the eye ends.
#include "hfauth/core/translate.hpp"
#include "hfauth/core/utf8.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/render.hpp"
#include "labels.hpp"
#include "text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hfauth::diagnose {
namespace {

struct Mark {
  const char* text;
  Role role;
};

Mark mark_of(VerdictState state) {
  switch (state) {
    case VerdictState::healthy:
      return {"ok", Role::good};
    case VerdictState::degraded:
      return {"!", Role::attention};
    case VerdictState::blocked:
      return {"x", Role::bad};
    case VerdictState::unknown:
      break;
  }
  return {"?", Role::quiet};
}

std::string severity_label(const Finding& finding) {
  std::string severity = label_of(finding.severity);
  if (finding.severity == Severity::unknown) return severity;
  return severity + ", " + label_of(finding.confidence);
}

bool is_small(const Finding& finding) {
  return finding.severity == Severity::info;
}

class ReportText {
 public:
  ReportText(const Report& report, const TextStyle& style, int verbosity)
      : report_(report),
        verbosity_(verbosity),
        layout_(style, {tr("Why"), tr("Proof"), fix_label(0, 2).c_str(), tr("Also"), tr("From"),
                        tr("Client"), tr("Seen by"), tr("Reads"), tr("Tried"), "Python"}) {}

  std::string build(std::chrono::milliseconds duration) && {
    // Information alone is no warning: not being logged in is all right for public models.
    const bool calm = std::all_of(report_.findings.begin(), report_.findings.end(), is_small);
    const Mark mark = report_.state == VerdictState::degraded && calm ? Mark{"i", Role::attention}
                                                                      : mark_of(report_.state);
    layout_.marked(mark.text, mark.role, report_.headline);
    if (!report_.context.empty()) {
      layout_.labelled(tr("Seen by"),
                       fmt::format(fmt::runtime(tr("{}; the commands below are meant for it")),
                                   report_.context));
    }
    put_scripts();
    if (report_.client_asked) {
      for (const ClientReport& client : report_.clients)
        put_client(client);
    } else {
      put_identity();
    }
    put_tried();
    put_roots();
    put_small();
    put_incomplete();
    if (verbosity_ > 0) {
      put_details();
    }
    put_end(duration);
    return std::move(layout_).take();
  }

 private:
  static std::string source_text(const TokenReport::Source& source) {
    return source.kind == "keyring"
               ? fmt::format(fmt::runtime(tr("agent, profile {}")), source.where)
               : source.where;
  }

  [[nodiscard]] std::string token_source() const {
    for (const TokenReport& token : report_.tokens) {
      if (token.ref == report_.token_ref && !token.sources.empty()) {
        std::string text;
        for (const TokenReport::Source& source : token.sources)
          text += (text.empty() ? "" : "; ") + source_text(source);
        return text;
      }
    }
    return "";
  }

  void put_identity() {
    if (report_.token_ref.empty() || report_.state == VerdictState::blocked) {
      return;
    }
    layout_.labelled(tr("From"), token_source());
    const ClientReport& python = report_.clients.front();
    const std::string client = python.client + " " + python.version;
    layout_.labelled(
        "Python",
        fmt::format(fmt::runtime(python.uses == report_.token_ref ? tr("{}: uses it")
                                 : python.uses.empty() ? tr("{}: finds no token in this shell")
                                                       : tr("{}: uses another token")),
                    client));
  }

  [[nodiscard]] std::string what_it_sends(const ClientReport& client) const {
    const auto token = std::find_if(report_.tokens.begin(), report_.tokens.end(),
                                    [&](const TokenReport& one) { return one.ref == client.uses; });
    if (token == report_.tokens.end()) return tr("sends no token");
    return fmt::format(
        fmt::runtime(client.sends ? tr("sends {} ({})") : tr("finds {} ({}) and does not send it")),
        token->mask, token->fingerprint);
  }

  // What of the Hub stands in the programs and notebooks that were named, once each.
  void put_scripts() {
    for (const ScriptFacts& script : report_.scripts) {
      std::vector<std::string> subjects;
      for (const ScriptPlace& place : script.places) {
        const bool tells = place.kind == "repo" || place.kind == "upload" ||
                           place.kind == "variable" || place.kind == "vault";
        if (tells && !place.subject.empty() &&
            std::find(subjects.begin(), subjects.end(), place.subject) == subjects.end())
          subjects.push_back(place.subject);
      }
      std::string text;
      for (const std::string& subject : subjects)
        text += (text.empty() ? "" : ", ") + subject;
      if (!script.problem.empty()) continue;  // told with what is not known
      layout_.labelled(tr("Reads"),
                       script.path + ": " +
                           (text.empty() ? std::string(tr("nothing of the Hub by name")) : text));
    }
  }

  void put_tried() {
    std::string label = tr("Tried");
    for (const TriedToken& tried : report_.tried) {
      const auto token = std::find_if(report_.tokens.begin(), report_.tokens.end(),
                                      [&](const TokenReport& one) { return one.ref == tried.ref; });
      if (token == report_.tokens.end()) continue;
      std::string text =
          token->mask + ", " +
          (token->sources.empty() ? std::string("-") : source_text(token->sources.front()));
      if (!tried.target.empty()) text += ", " + tried.target;
      layout_.labelled(label, text + ": " + tried.detail);
      label = " ";
    }
    if (!report_.tried.empty() && label != " ") layout_.labelled(label, tr("there is no token"));
  }

  // What was asked: the answer, then every place in the client's order.
  void put_client(const ClientReport& client) {
    layout_.labelled(tr("Client"), client.client +
                                       (client.version.empty() ? "" : " " + client.version) + " " +
                                       what_it_sends(client));
    if (report_.clients.size() > 1 && verbosity_ == 0) return;  // -v has the places of each
    for (const ClientReport::Step& step : client.steps) {
      std::string text = step.where + ": " + step.reason;
      if (step.noticed) text += "; " + label_of(*step.noticed);
      layout_.labelled(" ", text);
    }
  }

  void put_roots() {
    int number = 0;
    for (const Finding& finding : report_.findings) {
      if (!finding.is_root || is_small(finding)) {
        continue;
      }
      layout_.blank();
      ++number;
      layout_.title(std::to_string(number) + " " + finding.id, finding.title,
                    severity_label(finding), role_of(finding.severity));
      layout_.labelled(tr("Why"), finding.why);
      put_proof(finding);
      put_fixes(finding);
      put_symptoms(finding);
    }
  }

  void put_proof(const Finding& finding) {
    std::string label = tr("Proof");
    for (const Evidence& evidence : finding.evidence) {
      std::string text = evidence.text;
      if (!evidence.request_id.empty()) {
        text += fmt::format(fmt::runtime(tr(", request id {}")), evidence.request_id);
      }
      layout_.labelled(label, text);
      label.clear();
    }
  }

  void put_fixes(const Finding& finding) {
    const std::size_t count = finding.fixes.size();
    for (std::size_t i = 0; i < count; ++i) {
      layout_.fix(fix_label(i, count), finding.fixes[i]);
      if (finding.fixes[i].verified) {
        layout_.labelled(
            "", finding.fixes[i].changes.empty()
                    ? tr("tried in a replay: the Hub accepts the token that Python then uses")
                    : tr("tried in a replay: the finding is gone and nothing is worse"));
      }
    }
  }

  void put_symptoms(const Finding& root) {
    for (const Finding& finding : report_.findings) {
      const bool follows = std::find(finding.caused_by.begin(), finding.caused_by.end(), root.id) !=
                           finding.caused_by.end();
      if (!finding.is_root && follows && finding.caused_by.front() == root.id) {
        layout_.labelled(tr("Also"), fmt::format(fmt::runtime(tr("seen because of it: {} {}")),
                                                 finding.id, finding.title));
      }
    }
  }

  // Information takes one line, and its command is the last line of the report. Where nothing is
  // to be done, as without a keyring, it is told to who asks for more.
  void put_small() {
    bool is_first = true;
    for (const Finding& finding : report_.findings) {
      const bool is_idle = finding.fixes.empty() && verbosity_ == 0;
      if (finding.is_root && is_small(finding) && !is_idle) {
        if (std::exchange(is_first, false) && has_large()) layout_.blank();
        layout_.paragraph(std::string(tr("info")) + " " + finding.id + "  " + finding.title, 2);
        if (finding.acknowledged) {
          layout_.paragraph(fmt::format(fmt::runtime(tr("acknowledged until {}: {}")),
                                        finding.acknowledged->until, finding.acknowledged->reason),
                            7, Role::quiet);
          continue;
        }
        if (verbosity_ > 0 || finding.id == "HFA701") {
          layout_.labelled(tr("Why"), finding.why);
          put_proof(finding);
          put_fixes(finding);
        }
      }
    }
  }

  void put_incomplete() {
    for (const Incomplete& incomplete : report_.incomplete) {
      if (incomplete.needed && has_finding(incomplete.id)) {
        continue;  // HFA001 and HFA002 stand among the findings already
      }
      // The names of probes are ours; those of checks can be looked up.
      layout_.paragraph(incomplete.id.starts_with("HFA")
                            ? fmt::format(fmt::runtime(tr("? not known: {} ({})")),
                                          incomplete.reason, incomplete.id)
                            : fmt::format(fmt::runtime(tr("? not known: {}")), incomplete.reason),
                        2, Role::quiet);
    }
    if (report_.offline && !report_.token_ref.empty()) {
      layout_.paragraph(tr("? not checked: whether the Hub accepts the token (offline)"), 2,
                        Role::quiet);
    }
  }

  [[nodiscard]] bool has_large() const {
    return std::any_of(report_.findings.begin(), report_.findings.end(),
                       [](const Finding& one) { return one.is_root && !is_small(one); });
  }

  [[nodiscard]] bool has_finding(std::string_view id) const {
    return std::any_of(report_.findings.begin(), report_.findings.end(),
                       [id](const Finding& finding) { return finding.id == id; });
  }

  void put_details() {
    layout_.blank();
    for (const ClientReport& client : report_.clients) {
      layout_.paragraph(client.client + " " + client.version, 2, Role::heading);
      for (const std::string& step : client.order) {
        layout_.paragraph(step, 4);
      }
    }
    layout_.paragraph(tr("Checks"), 2, Role::heading);
    for (const std::string& id : check_ids()) {
      const bool hit = has_finding(id);
      const CheckInfo* const info = find_check(id);
      layout_.paragraph(std::string(hit ? "!  " : "ok ") + id + "  " + std::string(info->slug), 4);
    }
  }

  void put_end(std::chrono::milliseconds duration) {
    if (report_.state == VerdictState::healthy) {
      layout_.paragraph(
          fmt::format(fmt::runtime(tr("{} checks in {:.1f} s (-v lists them)")), report_.checks_run,
                      static_cast<double>(duration.count()) / 1000.0),
          2, Role::quiet);
    }
    if (!report_.next.empty()) {
      layout_.blank();
      layout_.next(tr("next:"), report_.next);
    }
  }

  const Report& report_;
  int verbosity_;
  TextLayout layout_;
};

}  // namespace

std::string render_report(const Report& report, const TextStyle& style, int verbosity,
                          std::chrono::milliseconds duration) {
  return ReportText(report, style, verbosity).build(duration);
}

}  // namespace hfauth::diagnose
