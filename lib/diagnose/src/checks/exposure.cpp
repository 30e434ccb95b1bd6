// SPDX-License-Identifier: Apache-2.0
//
// HFA113, HFA901, HFA906: tokens in files that anybody may come to read, or that nobody loads.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

namespace hfauth::diagnose {
namespace {

constexpr std::uint32_t kForOthers = 0077;

Evidence place_of(const Facts& facts, const ExposedToken& token) {
  const std::string path = shown(facts, token.where);
  return {EvidenceKind::file,
          fmt::format(fmt::runtime(tr("{0} line {1}: {2} ({3})")), path, token.line, token.mask,
                      token.fingerprint),
          path, "", token.line};
}

}  // namespace

std::optional<Finding> find_dotenv_not_loaded(const View& view) {
  const bool program_loads_it = std::any_of(
      view.facts.scripts.begin(), view.facts.scripts.end(), [](const ScriptFacts& script) {
        return std::any_of(script.places.begin(), script.places.end(),
                           [](const ScriptPlace& place) { return place.kind == "dotenv"; });
      });
  if (view.python.has_token() || view.python.raises || program_loads_it) {
    return std::nullopt;
  }
  for (const ExposedToken& token : view.facts.exposed) {
    if (token.kind == "dotenv" &&
        (token.variable == "HF_TOKEN" || token.variable == "HUGGING_FACE_HUB_TOKEN")) {
      Finding finding = finding_of("HFA113");
      finding.evidence.push_back(place_of(view.facts, token));
      finding.evidence.push_back(
          {EvidenceKind::replay, tr("Python started from this shell finds no token"), "", ""});
      finding.fixes.push_back(command_fix(FixSafety::manual,
                                          view.facts.runtime.shell == "fish"
                                              ? "env (grep -v '^#' " + token.where + ") PROGRAM"
                                              : "set -a; . '" + token.where + "'; set +a",
                                          tr("for this shell")));
      return finding;
    }
  }
  return std::nullopt;
}

std::optional<Finding> find_token_in_history(const View& view) {
  Finding finding = finding_of("HFA901");
  for (const ExposedToken& token : view.facts.exposed) {
    if (token.kind == "history") {
      finding.evidence.push_back(place_of(view.facts, token));
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  finding.fixes.push_back(
      {FixSafety::unsafe,
       false,
       "",
       {{tr("remove the line from the file"), "", ""},
        {tr("then replace the token, or end it everywhere"), "hfauth revoke", ""}}});
  return finding;
}

std::optional<Finding> find_env_file_open(const View& view) {
  Finding finding = finding_of("HFA906");
  for (const ExposedToken& token : view.facts.exposed) {
    const bool open = (token.mode & kForOthers) != 0 && !view.facts.runtime.wsl;
    if (token.kind != "dotenv" || (!open && !token.tracked)) {
      continue;
    }
    finding.evidence.push_back(place_of(view.facts, token));
    if (open) {
      finding.fixes.push_back(command_fix(FixSafety::safe, "chmod 600 '" + token.where + "'"));
    }
    if (token.tracked) {
      finding.fixes.push_back(command_fix(FixSafety::unsafe, "echo .env >> .gitignore",
                                          tr("git would take it into a commit")));
    }
  }
  return finding.evidence.empty() ? std::nullopt : std::optional(std::move(finding));
}

}  // namespace hfauth::diagnose
