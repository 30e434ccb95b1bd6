// SPDX-License-Identifier: Apache-2.0
//
// HFA201 to HFA205: what is wrong with the value that is used. Values that nobody would send are
// left alone.
#include "check.hpp"
#include "foreign_words.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/client_answer.hpp"
#include "stand_in.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace hfauth::diagnose {
namespace {

// The effective value if it has one of the faults, with the faults' notes as evidence.
std::optional<Finding> finding_on_fault(const View& view, std::string_view id,
                                        std::initializer_list<std::string_view> faults) {
  const TokenValue* used = view.effective();
  if (used == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of(id);
  for (const ValueFault& fault : used->faults) {
    if (std::find(faults.begin(), faults.end(), fault.name) != faults.end()) {
      finding.evidence.push_back(
          {kind_of(used->source),
           shown(view.facts, used->where) + ": " + translated_note(fault.note),
           shown(view.facts, used->where), ""});
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  if (!used->repaired.empty() && used->repaired != used->sent) {
    if (const std::string verdict = describe_verdict(view.facts, used->repaired);
        !verdict.empty()) {
      finding.evidence.push_back(
          {EvidenceKind::replay, fmt::format(fmt::runtime(tr("the token without it: {}")), verdict),
           "", ""});
    }
  }
  return finding;
}

// The value through a shell's filter, where it stands, if the filter takes away all that is wrong
// with it: then the replay, which puts the clean token in its place, is the world after it.
std::optional<Fix> filter_fix(const View& view, const std::string& filter,
                              std::initializer_list<std::string_view> taken_away,
                              std::string title = "") {
  const TokenValue& used = *view.effective();
  const bool by_variable = used.source == ValueSource::env;
  const bool fish = view.facts.runtime.shell == "fish";
  const bool cures =
      !used.repaired.empty() &&
      std::all_of(used.faults.begin(), used.faults.end(), [&](const ValueFault& fault) {
        return std::find(taken_away.begin(), taken_away.end(), fault.name) != taken_away.end();
      });
  if (!cures || (fish && !by_variable)) {  // fish has no subshell in brackets
    return std::nullopt;
  }
  if (!by_variable) {
    return replayed_fix(FixSafety::unsafe,
                        fmt::format("(umask 077; {1} < '{0}' > '{0}.new') && mv '{0}.new' '{0}'",
                                    used.where, filter),
                        std::move(title));
  }
  Fix fix = replayed_fix(
      FixSafety::manual,
      fish ? fmt::format("set -gx {0} (printf %s ${0} | {1})", used.where, filter)
           : fmt::format("export {0}=\"$(printf %s \"${0}\" | {1})\"", used.where, filter));
  for (FixStep& step : lines_that_set(view.facts, used.where)) {
    fix.steps.push_back({step.text + ": " + tr("mend it there too"), "", ""});
  }
  return fix;
}

// A variable is mended in its shell; a file is left to the login that makes it superfluous, unless
// somebody wants to keep what is in it.
void add_fixes(const View& view, Finding& finding, const std::string& filter,
               std::initializer_list<std::string_view> taken_away) {
  const std::optional<Fix> filtered =
      filter_fix(view, filter, taken_away, tr("or keep the token that is in the file"));
  const bool by_variable = view.effective()->source == ValueSource::env;
  if (filtered && by_variable) {
    finding.fixes.push_back(*filtered);
  }
  add_another_token(view, finding);
  if (filtered && !by_variable) {
    finding.fixes.push_back(*filtered);
  }
}

// Printable ASCII stays, without space.
constexpr const char* kVisible = "LC_ALL=C tr -cd '!-~'";
constexpr const char* kNoQuotes = "tr -d \"\\\"'[:space:]\"";

}  // namespace

std::optional<Finding> find_trailing_newline(const View& view) {
  std::optional<Finding> finding = finding_on_fault(view, "HFA201", {"line_break", "edge_space"});
  if (!finding) {
    return std::nullopt;
  }
  const TokenValue& used = *view.effective();
  // A file that ends in a line break is how editors and echo write files; Python and hfrs both trim
  // it.
  if (used.source == ValueSource::file) {
    finding->severity = Severity::info;
  } else if (has_program(view.facts, "hfrs") || asked_client(view.facts).name == "hfrs") {
    finding->severity = Severity::error;
    finding->evidence.push_back({EvidenceKind::config,
                                 has_program(view.facts, "hfrs")
                                     ? tr("hfrs is installed, and sends nothing at all then")
                                     : tr("hfrs sends nothing at all then"),
                                 "", ""});
  }
  if (const auto fix = filter_fix(view, "tr -d '[:space:]'", {"line_break", "edge_space"})) {
    finding->fixes.push_back(*fix);
  } else {
    add_another_token(view, *finding);
  }
  return finding;
}

std::optional<Finding> find_invisible_characters(const View& view) {
  std::optional<Finding> finding =
      finding_on_fault(view, "HFA202", {"byte_order_mark", "invisible_character"});
  if (finding) {
    add_fixes(view, *finding, kVisible,
              {"byte_order_mark", "invisible_character", "line_break", "edge_space"});
  }
  return finding;
}

std::optional<Finding> find_quotes(const View& view) {
  std::optional<Finding> finding = finding_on_fault(view, "HFA203", {"quotes"});
  if (finding) {
    add_fixes(view, *finding, kNoQuotes, {"quotes", "line_break", "edge_space"});
  }
  return finding;
}

std::optional<Finding> find_prefix(const View& view) {
  std::optional<Finding> finding =
      finding_on_fault(view, "HFA204", {"bearer_prefix", "assignment_prefix"});
  if (finding) {
    add_another_token(view, *finding);
  }
  return finding;
}

std::optional<Finding> find_placeholder(const View& view) {
  std::optional<Finding> finding = finding_on_fault(view, "HFA205", {"placeholder"});
  if (!finding) {
    return std::nullopt;
  }
  if (is_valid(view.facts, view.python.sent)) {
    return std::nullopt;  // the Hub knows better than a list of words
  }
  add_another_token(view, *finding);
  return finding;
}

std::optional<Finding> find_other_vendor(const View& view) {
  std::optional<Finding> finding = finding_on_fault(view, "HFA208", {"foreign_token"});
  if (!finding || is_valid(view.facts, view.python.sent)) {
    return std::nullopt;
  }
  if (is_bad(view.facts, view.python.sent)) {
    finding->severity = Severity::error;
  }
  add_another_token(view, *finding);
  return finding;
}

std::optional<Finding> find_org_token(const View& view) {
  std::optional<Finding> finding = finding_on_fault(view, "HFA206", {"org_token"});
  if (!finding) {
    return std::nullopt;
  }
  if (is_valid(view.facts, view.python.sent)) {
    finding->severity = Severity::warning;  // an old private Hub may still take it
  }
  add_another_token(view, *finding);
  return finding;
}

std::optional<Finding> find_wrong_shape(const View& view) {
  std::optional<Finding> finding =
      finding_on_fault(view, "HFA207", {"inner_space", "unusual_shape"});
  const TokenValue* used = view.effective();
  const bool has_a_better_word =
      used != nullptr && (!used->sendable || used->has("placeholder") || used->has("quotes") ||
                          used->has("bearer_prefix") || used->has("foreign_token") ||
                          used->has("org_token") || used->has("assignment_prefix"));
  // A new kind of token is valid whatever its shape, and a shape alone proves nothing.
  if (!finding || has_a_better_word || is_valid(view.facts, view.python.sent)) {
    return std::nullopt;
  }
  if (is_bad(view.facts, view.python.sent)) {
    finding->severity = Severity::error;
  }
  add_another_token(view, *finding);
  return finding;
}

namespace {

// The facts with `token` where the used value stands.
Facts with_token_in_place(const Facts& facts, const TokenValue& used, const std::string& token) {
  Facts changed = facts;
  for (TokenValue& value : changed.values) {
    if (value.where == used.where) {
      value.stand_in = token;
      value.sent = token;
      value.repaired = token;
      value.fingerprint = token.substr(3);
      value.sendable = true;
      value.faults.clear();
    }
  }
  if (used.source == ValueSource::env) {
    changed.environment.set(used.where, token);
  }
  for (TokenFile& file : changed.files) {
    if (file.path == used.where) {
      file.stand_in = token;
    }
  }
  return changed;
}

constexpr const char* kUnknownToken = "hf_00000000";

}  // namespace

std::optional<Facts> with_value_repaired(const View& view) {
  const TokenValue* used = view.effective();
  if (used == nullptr) {
    return std::nullopt;
  }
  // Without a clean token inside there is nothing to put in its place but another login.
  return with_token_in_place(view.facts, *used,
                             used->repaired.empty() ? kUnknownToken : used->repaired);
}

std::optional<Facts> with_another_token(const View& view) {
  const TokenValue* used = view.effective();
  if (used == nullptr) {
    return std::nullopt;
  }
  const bool mended = !used->repaired.empty() && used->repaired != used->sent;
  return with_token_in_place(view.facts, *used, mended ? used->repaired : kUnknownToken);
}

}  // namespace hfauth::diagnose
