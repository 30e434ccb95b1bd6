// SPDX-License-Identifier: Apache-2.0
//
// HFA106, HFA107, HFA109: variables that send the client to the wrong file.
#include "check.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/token/hub_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

constexpr std::array<std::string_view, 3> kTokenPathVariables{"HF_TOKEN_PATH", "HF_HOME",
                                                              "XDG_CACHE_HOME"};
constexpr std::array kExpandedVariables{"HF_TOKEN_PATH", "HF_HOME", "XDG_CACHE_HOME",
                                        "HF_HUB_CACHE", "HF_XET_CACHE"};

// Only if nothing in front of it hides its emptiness: XDG_CACHE_HOME is not read when HF_HOME is
// set.
bool is_read(const Environment& environment, std::string_view name) {
  return name != "XDG_CACHE_HOME" || !environment.get("HF_HOME");
}

std::vector<std::string> empty_variables(const Facts& facts) {
  std::vector<std::string> names;
  for (const std::string_view name : kTokenPathVariables) {
    if (facts.environment.get(name) == "" && is_read(facts.environment, name)) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : " ") + name;
  }
  return text;
}

// Whether the change gives Python a token that it does not have now.
bool would_help(const View& view, const std::optional<Facts>& changed) {
  return changed && !view.python.has_token() && ask_python(*changed).has_token();
}

bool has_quotes(std::string_view value) {
  return !value.empty() && (value.front() == '"' || value.front() == '\'' || value.back() == '"' ||
                            value.back() == '\'');
}

std::string without_quotes(std::string value) {
  value.erase(
      std::remove_if(value.begin(), value.end(), [](char c) { return c == '"' || c == '\''; }),
      value.end());
  return value;
}

// What is wrong with a path variable's value; "" if nothing is.
std::string expansion_fault(const Facts& facts, std::string_view name) {
  const std::string value = facts.environment.get(name).value_or("");
  if (has_quotes(value)) {
    return tr("the quotes are part of the path");
  }
  if (name == "HF_XET_CACHE" && value.starts_with("~")) {
    return tr("\"~\" is not expanded in this variable");
  }
  const std::string expanded = token::expand_like_python(value, facts.environment, facts.home);
  if (expanded.find('$') != std::string::npos) {
    return tr("a variable in it is not set, so its name stays in the path");
  }
  return "";
}

// The command that opens the lease at `path` again, whatever the agent's state is.
std::string command_for_lease(const Facts& facts, const std::filesystem::path& path) {
  if (!facts.agent.running) {
    return "hfauth status";
  }
  const std::string slot = path.parent_path().filename().string();
  const bool by_name = path.parent_path().parent_path().filename() == "lease";
  const bool stored =
      std::any_of(facts.agent.profiles.begin(), facts.agent.profiles.end(),
                  [&slot](const AgentProfile& profile) { return profile.name == slot; });
  if (by_name && stored) {
    return env_command(facts, slot);
  }
  std::string env = env_command(facts);
  if (facts.agent.locked) {
    return "hfauth unlock && " + env;
  }
  if (default_profile(facts) != nullptr) {
    return env;
  }
  return (agent_has_none(facts) ? "hfauth login && " : "hfauth switch NAME && ") + env;
}

// The file at which the client stops with an exception, if that is what it does.
const TokenFile* file_that_raises(const View& view, token::FileState::Kind kind) {
  if (!view.python.raises || view.python.source != token::TokenSource::token_file) {
    return nullptr;
  }
  const auto file = std::find_if(
      view.facts.files.begin(), view.facts.files.end(),
      [&](const TokenFile& one) { return one.path == view.python.where && one.kind == kind; });
  return file == view.facts.files.end() ? nullptr : &*file;
}

}  // namespace

std::optional<Finding> find_empty_path_variable(const View& view) {
  const std::vector<std::string> names = empty_variables(view.facts);
  if (names.empty()) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA106");
  finding.severity = view.python.has_token() ? Severity::warning : Severity::error;
  for (const std::string& name : names) {
    finding.evidence.push_back(
        {EvidenceKind::env, fmt::format(fmt::runtime(tr("{} is set to nothing")), name), name, ""});
  }
  const std::vector<std::filesystem::path> read = token::token_paths_read(
      view.facts.environment, view.facts.home, view.facts.working_directory,
      token::ClientVersion::parse(view.facts.client.version).value_or(token::ClientVersion{}));
  finding.evidence.push_back({EvidenceKind::file,
                              fmt::format(fmt::runtime(tr("so the token is looked for in {}")),
                                          shown(view.facts, read.front().string())),
                              "", ""});
  if (would_help(view, without_empty_paths(view))) {
    finding.evidence.push_back(
        {EvidenceKind::replay, tr("without it Python finds the saved token"), "", ""});
  }
  finding.fixes.push_back(
      replayed_fix(FixSafety::manual, unset_command(view.facts, joined(names))));
  return finding;
}

std::optional<Facts> without_empty_paths(const View& view) {
  Facts changed = view.facts;
  for (const std::string& name : empty_variables(view.facts)) {
    changed.environment.unset(name);
  }
  return changed;
}

std::optional<Finding> find_path_not_expanded(const View& view) {
  Finding finding = finding_of("HFA107");
  bool concerns_token = false;
  bool all_quoted = true;
  for (const char* name : kExpandedVariables) {
    const std::string fault = expansion_fault(view.facts, name);
    if (fault.empty() || !is_read(view.facts.environment, name)) {
      continue;
    }
    const std::string value = view.facts.environment.get(name).value_or("");
    finding.evidence.push_back(
        {EvidenceKind::env, fmt::format("{}={}: {}", name, value, fault), name, ""});
    concerns_token =
        concerns_token || std::find(kTokenPathVariables.begin(), kTokenPathVariables.end(),
                                    std::string_view(name)) != kTokenPathVariables.end();
    all_quoted = all_quoted && has_quotes(value);
    finding.fixes.push_back(
        {FixSafety::manual,
         false,
         "",
         {{fmt::format(fmt::runtime(tr("write {} as an absolute path without quotes")), name),
           "export " + std::string(name) + "=" +
               (has_quotes(value) ? without_quotes(value) : "/absolute/path"),
           ""}}});
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  // The replay takes the quotes off every variable; in place of "/absolute/path" it can put
  // nothing.
  finding.fixes.front().replayed = all_quoted && finding.fixes.size() == 1;
  // A file that Python does find there shows that the path is meant as it is written.
  const TokenValue* used = view.effective();
  if (concerns_token && used != nullptr && used->source == ValueSource::file) {
    finding.severity = Severity::info;
    finding.confidence = Confidence::possible;
  } else {
    finding.severity =
        concerns_token && !view.python.has_token() ? Severity::error : Severity::warning;
  }
  if (would_help(view, with_paths_expanded(view))) {
    finding.evidence.push_back(
        {EvidenceKind::replay, tr("without it Python finds the saved token"), "", ""});
  }
  return finding;
}

std::optional<Facts> with_paths_expanded(const View& view) {
  Facts changed = view.facts;
  for (const char* name : kExpandedVariables) {
    if (expansion_fault(view.facts, name).empty()) {
      continue;
    }
    const std::string value = view.facts.environment.get(name).value_or("");
    if (has_quotes(value)) {
      changed.environment.set(name, without_quotes(value));
    } else {
      changed.environment.unset(name);
    }
  }
  return changed;
}

std::optional<Finding> find_token_file_missing(const View& view) {
  const std::string value = view.facts.environment.get("HF_TOKEN_PATH").value_or("");
  if (value.empty() || !expansion_fault(view.facts, "HF_TOKEN_PATH").empty()) {
    return std::nullopt;
  }
  const auto step = std::find_if(view.python.steps.begin(), view.python.steps.end(),
                                 [](const token::ResolutionStep& one) {
                                   return one.source == token::TokenSource::token_file &&
                                          one.outcome == token::ResolutionStep::Outcome::missing;
                                 });
  if (step == view.python.steps.end() || view.python.has_token()) {
    return std::nullopt;  // another source decides, so nobody misses the file
  }
  Finding finding = finding_of("HFA109");
  finding.evidence.push_back(
      {EvidenceKind::file,
       fmt::format(fmt::runtime(tr("{}: no such file")), shown(view.facts, step->where)),
       shown(view.facts, step->where), ""});
  const bool default_has_one = would_help(view, without_token_path(view));
  if (default_has_one) {
    finding.evidence.push_back(
        {EvidenceKind::replay,
         tr("the usual file exists; without the variable Python finds its token"), "", ""});
  }
  if (is_lease_path(step->where, view.facts.agent.runtime)) {
    finding.why =
        tr("The agent gave this file out and took it back: it was locked, its lease ended, or you "
           "logged out.");
    finding.fixes.push_back(
        command_fix(FixSafety::safe, command_for_lease(view.facts, step->where)));
  }
  finding.fixes.push_back(
      replayed_fix(FixSafety::manual, unset_command(view.facts, "HF_TOKEN_PATH")));
  return finding;
}

std::optional<Facts> without_token_path(const View& view) {
  Facts changed = view.facts;
  changed.environment.unset("HF_TOKEN_PATH");
  return changed;
}

std::optional<Finding> find_token_file_unreadable(const View& view) {
  const TokenFile* file = file_that_raises(view, token::FileState::Kind::unreadable);
  if (file == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA801");
  const std::string path = shown(view.facts, file->path);
  finding.evidence.push_back(
      {EvidenceKind::file,
       fmt::format(fmt::runtime(tr("{}: mode {:04o}, not readable by you")), path, file->mode),
       path, ""});
  const std::string folder = std::filesystem::path(file->path).parent_path().string();
  finding.fixes.push_back(
      command_fix(FixSafety::unsafe,
                  "sudo chown -R \"$USER\" '" + folder + "' && chmod 600 '" + file->path + "'"));
  return finding;
}

std::optional<Finding> find_token_path_not_a_file(const View& view) {
  const TokenFile* file = file_that_raises(view, token::FileState::Kind::not_a_file);
  if (file == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA802");
  const std::string path = shown(view.facts, file->path);
  if (file->size > 0) {
    finding.title = tr("The file at the token's path is no token file");
    finding.why = tr("A token has some forty characters. What is there is far too large for one.");
  }
  finding.evidence.push_back(
      {EvidenceKind::file,
       file->size > 0
           ? fmt::format(fmt::runtime(tr("{0}: no token file: {1} bytes")), path, file->size)
           : fmt::format(fmt::runtime(tr("{}: not a regular file")), path),
       path, ""});
  finding.fixes.push_back(
      {FixSafety::unsafe,
       false,
       "",
       {{tr("look at what is there, then move it away"), "ls -ld '" + file->path + "'", ""},
        {"", "mv '" + file->path + "' '" + file->path + ".old'", ""}}});
  return finding;
}

}  // namespace hfauth::diagnose
