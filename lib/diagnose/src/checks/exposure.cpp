// SPDX-License-Identifier: Apache-2.0
//
// HFA113, HFA901 to HFA906: tokens where anybody may come to read them, or where nobody loads them.
#include "check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::uint32_t kForOthers = 0077;

// "~/.bashrc line 3: hf_****abcd (3f9a12cd)"; a notebook has cells, git's history commits, and a
// process none of them.
Evidence place_of(const Facts& facts, const ExposedToken& token) {
  const std::string path = shown(facts, token.where);
  std::string place = path;
  if (token.kind == "notebook") {
    place = fmt::format(fmt::runtime(tr("{0} cell {1}")), path, token.line);
  } else if (!token.commit.empty()) {
    place = fmt::format(fmt::runtime(tr("{0}, commit {1}")), path, token.commit);
  } else if (token.line != 0) {
    place = fmt::format(fmt::runtime(tr("{0} line {1}")), path, token.line);
  }
  return {token.kind == "arguments" ? EvidenceKind::process : EvidenceKind::file,
          fmt::format("{}: {} ({})", place, token.mask, token.fingerprint), path, "",
          token.kind == "notebook" ? 0 : token.line};
}

std::vector<const ExposedToken*> exposed_as(const Facts& facts,
                                            std::initializer_list<std::string_view> kinds) {
  std::vector<const ExposedToken*> found;
  for (const ExposedToken& token : facts.exposed) {
    if (std::find(kinds.begin(), kinds.end(), token.kind) != kinds.end()) {
      found.push_back(&token);
    }
  }
  return found;
}

// One proof for each, as many as somebody reads.
std::optional<Finding> find_exposed(const View& view, std::string_view id,
                                    std::initializer_list<std::string_view> kinds) {
  constexpr std::size_t kMostShown = 8;
  const std::vector<const ExposedToken*> found = exposed_as(view.facts, kinds);
  if (found.empty()) {
    return std::nullopt;
  }
  Finding finding = finding_of(id);
  for (std::size_t i = 0; i < std::min(found.size(), kMostShown); ++i) {
    finding.evidence.push_back(place_of(view.facts, *found[i]));
  }
  if (found.size() > kMostShown) {
    finding.evidence.push_back(
        {EvidenceKind::text,
         fmt::format(fmt::runtime(tr("and {} more: hfauth scan")), found.size() - kMostShown), "",
         ""});
  }
  return finding;
}

FixStep end_it() {
  return {tr("then replace the token, or end it everywhere"), "hfauth revoke", ""};
}

// Made-up tokens of a test's data have the shape of real ones.
bool is_test_data(const Facts& facts, const ExposedToken& token) {
  static constexpr std::array<std::string_view, 5> kFolders{"/test", "/fixture", "/example",
                                                            "/mock", "/testdata"};
  const bool is_used =
      std::any_of(facts.values.begin(), facts.values.end(),
                  [&](const TokenValue& value) { return value.fingerprint == token.fingerprint; });
  return !is_used && std::any_of(kFolders.begin(), kFolders.end(), [&](std::string_view folder) {
    return token.where.find(folder) != std::string::npos;
  });
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
  std::optional<Finding> finding = find_exposed(view, "HFA901", {"history"});
  if (finding) {
    finding->fixes.push_back(
        {FixSafety::unsafe, false, "", {{tr("remove the line from the file"), "", ""}, end_it()}});
  }
  return finding;
}

std::optional<Finding> find_notebook_of_folder(const View& view) {
  std::optional<Finding> finding = find_exposed(view, "HFA902", {"notebook"});
  if (!finding) {
    return std::nullopt;
  }
  for (const ExposedToken* token : exposed_as(view.facts, {"notebook"})) {
    if (token->tracked) {
      finding->severity = Severity::error;
    }
  }
  finding->fixes.push_back({FixSafety::unsafe,
                            false,
                            "",
                            {{tr("take it out of the cell and of its output"), "", ""}, end_it()}});
  return finding;
}

std::optional<Finding> find_token_in_git(const View& view) {
  const std::initializer_list<std::string_view> kinds{"git index", "git history"};
  std::optional<Finding> finding = find_exposed(view, "HFA903", kinds);
  if (!finding) {
    return std::nullopt;
  }
  const std::vector<const ExposedToken*> found = exposed_as(view.facts, kinds);
  if (std::all_of(found.begin(), found.end(),
                  [&](const ExposedToken* token) { return is_test_data(view.facts, *token); })) {
    finding->severity = Severity::info;
    finding->confidence = Confidence::possible;
  }
  finding->fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{tr("replace the token, or end it everywhere"), "hfauth revoke", ""},
        {tr("then take it out of the history (git filter-repo), if it was never pushed"), "",
         ""}}});
  return finding;
}

std::optional<Finding> find_token_in_dotfile(const View& view) {
  std::optional<Finding> finding = find_exposed(view, "HFA904", {"dotfile"});
  if (!finding) {
    return std::nullopt;
  }
  for (const ExposedToken* token : exposed_as(view.facts, {"dotfile"})) {
    if (!token->variable.empty()) {
      finding->evidence.push_back({EvidenceKind::env, token->variable, token->variable, ""});
      break;
    }
  }
  return finding;
}

std::optional<Finding> find_token_in_arguments(const View& view) {
  std::optional<Finding> finding = find_exposed(view, "HFA905", {"arguments"});
  if (finding) {
    finding->fixes.push_back(
        {FixSafety::manual,
         false,
         "",
         {{tr("start it anew, with the token in HF_TOKEN or in a file"), "", ""}, end_it()}});
  }
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
