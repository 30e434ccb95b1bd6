// SPDX-License-Identifier: Apache-2.0
//
// HFA605, HFA606, HFA611, HFA612, HFA902, HFA907: what the text of a program or a notebook says. It
// was not run, so what a line does is likely, and that it stands there is proven.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "http_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

using Wanted = bool (*)(const ScriptFacts& script, const ScriptPlace& place);

std::string place_text(const Facts& facts, const ScriptFacts& script, const ScriptPlace& place) {
  const std::string path = shown(facts, script.path);
  if (place.cell == 0) return fmt::format(fmt::runtime(tr("{} line {}")), path, place.line);
  return place.line == 0
             ? fmt::format(fmt::runtime(tr("{} cell {}, its output")), path, place.cell)
             : fmt::format(fmt::runtime(tr("{} cell {} line {}")), path, place.cell, place.line);
}

Evidence evidence_of(const Facts& facts, const ScriptFacts& script, const ScriptPlace& place) {
  std::string text = place_text(facts, script, place) + ":";
  if (!place.subject.empty()) text += " " + place.subject;
  if (!place.token.fingerprint.empty()) {
    text += fmt::format(" {} ({})", place.token.mask, place.token.fingerprint);
    const std::string verdict = describe_verdict(facts, place.token.stand_in);
    text += verdict.empty() ? "" : ": " + verdict;
  }
  return {EvidenceKind::file, std::move(text), shown(facts, script.path), ""};
}

/// The finding with every place of the scripts that is wanted; nullopt if there is none.
std::optional<Finding> find_places(const View& view, std::string_view id, Wanted wanted) {
  static constexpr std::size_t kShown = 5;
  Finding finding = finding_of(id);
  std::size_t count = 0;
  for (const ScriptFacts& script : view.facts.scripts) {
    for (const ScriptPlace& place : script.places) {
      if (wanted(script, place) && ++count <= kShown)
        finding.evidence.push_back(evidence_of(view.facts, script, place));
    }
  }
  if (count == 0) return std::nullopt;
  if (count > kShown) {
    finding.evidence.push_back({EvidenceKind::text,
                                fmt::format(fmt::runtime(tr("and {} more places")), count - kShown),
                                "", ""});
  }
  return finding;
}

bool has_token(const ScriptPlace& place) {
  return !place.token.fingerprint.empty();
}

bool hands_over_a_token(const ScriptFacts& /*script*/, const ScriptPlace& place) {
  return has_token(place) && place.kind != "literal";
}

Fix by_hand(const char* text) {
  return {FixSafety::manual, false, "", {{text, "", ""}}};
}

bool is_leak_of_notebook(const ScriptFacts& script, const ScriptPlace& place) {
  return script.notebook && has_token(place);
}

bool is_leak_of_script(const ScriptFacts& script, const ScriptPlace& place) {
  return !script.notebook && has_token(place);
}

/// A token in scripts (`notebooks` false) or in notebooks.
std::optional<Finding> find_leak(const View& view, std::string_view id, bool notebooks) {
  std::optional<Finding> finding =
      find_places(view, id, notebooks ? is_leak_of_notebook : is_leak_of_script);
  if (!finding) return std::nullopt;
  const bool tracked = std::any_of(
      view.facts.scripts.begin(), view.facts.scripts.end(),
      [notebooks](const ScriptFacts& one) { return one.notebook == notebooks && one.tracked; });
  finding->severity = tracked ? Severity::error : Severity::warning;
  finding->fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{tr("replace the token: whoever has the file has it"), "",
         "https://huggingface.co/settings/tokens"},
        {tr("take it out of the text, and leave out the argument: the saved login is found"), "",
         ""}}});
  return finding;
}

bool is_read_at_import(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kNames{
      "HF_HOME",        "HF_TOKEN_PATH",         "HF_ENDPOINT",
      "HF_HUB_CACHE",   "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE",
      "XDG_CACHE_HOME", "TRANSFORMERS_OFFLINE",  "HF_HUB_DISABLE_IMPLICIT_TOKEN"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace

std::optional<Finding> find_token_in_call(const View& view) {
  std::optional<Finding> finding = find_places(view, "HFA605", hands_over_a_token);
  for (const SaidMessage& message : view.facts.said) {
    if (message.check != "HFA605") continue;
    if (!finding) finding = finding_of("HFA605");
    finding->evidence.push_back(quoted(message));
    break;
  }
  if (!finding) return std::nullopt;
  for (const ScriptFacts& script : view.facts.scripts) {
    for (const ScriptPlace& place : script.places) {
      if (hands_over_a_token(script, place) && is_bad(view.facts, place.token.stand_in))
        finding->severity = Severity::error;
    }
  }
  finding->fixes.push_back(by_hand(tr("remove token=... from the call")));
  return finding;
}

std::optional<Finding> find_token_false(const View& view) {
  std::optional<Finding> finding = find_places(
      view, "HFA606",
      [](const ScriptFacts&, const ScriptPlace& place) { return place.kind == "token_false"; });
  if (!finding) return std::nullopt;
  // For what everybody may read it does no harm.
  const bool needed = std::any_of(
      view.facts.targets.begin(), view.facts.targets.end(), [](const TargetFacts& target) {
        return !target.answers.empty() && target.answers.front().sent.empty() &&
               target.answers.front().access != hub::Access::granted;
      });
  if (!needed) finding->severity = Severity::info;
  finding->fixes.push_back(by_hand(tr("remove the argument")));
  return finding;
}

std::optional<Finding> find_old_argument(const View& view) {
  if (!view.facts.client.version.empty() && uses_requests(view.facts.client.version))
    return std::nullopt;  // before 1.0 it is only warned of
  std::optional<Finding> finding = find_places(
      view, "HFA611",
      [](const ScriptFacts&, const ScriptPlace& place) { return place.kind == "old_argument"; });
  if (!finding) return std::nullopt;
  finding->confidence = Confidence::likely;
  if (!view.facts.client.version.empty())
    finding->evidence.push_back(
        {EvidenceKind::config, "huggingface_hub " + view.facts.client.version, "", ""});
  finding->fixes.push_back(by_hand(tr("write token= instead, or leave it out")));
  return finding;
}

std::optional<Finding> find_variable_set_late(const View& view) {
  Finding finding = finding_of("HFA612");
  for (const ScriptFacts& script : view.facts.scripts) {
    const ScriptPlace* import = nullptr;
    for (const ScriptPlace& place : script.places) {
      if (place.kind == "import" && import == nullptr) import = &place;
      if (place.kind != "variable" || import == nullptr || !is_read_at_import(place.subject))
        continue;
      finding.evidence.push_back(evidence_of(view.facts, script, place));
      finding.evidence.push_back(evidence_of(view.facts, script, *import));
    }
  }
  if (finding.evidence.empty()) return std::nullopt;
  finding.confidence = Confidence::likely;
  finding.fixes.push_back(by_hand(tr("set it above the first import, or before Python starts")));
  return finding;
}

// What those programs do is then not known, nor why one of them was anonymous.
std::optional<Facts> without_scripts(const View& view) {
  Facts changed = view.facts;
  changed.scripts.clear();
  std::erase_if(changed.said, [](const SaidMessage& one) { return one.check == "HFA110"; });
  return changed;
}

// In a notebook that was named, or in one of the current folder.
std::optional<Finding> find_token_in_notebook(const View& view) {
  std::optional<Finding> named = find_leak(view, "HFA902", true);
  return named ? named : find_notebook_of_folder(view);
}

std::optional<Finding> find_token_in_script(const View& view) {
  return find_leak(view, "HFA907", false);
}

}  // namespace hfauth::diagnose
