// SPDX-License-Identifier: Apache-2.0
//
// A finding about a variable is mended at the lines that set it; where no such line is known
// (docker -e, a unit) there is nothing to change. hfauth's own files, tokens' files and modes are
// safe, what people write themselves is not (facts/doctor.md §3.5).
#include "changes.hpp"

#include "checks/check.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/translate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

namespace hfauth::diagnose {
namespace {

namespace fs = std::filesystem;
using Changes = std::vector<PlannedChange>;
using Kind = FixChange::Kind;

constexpr std::uint32_t kForOthers = 0077;
constexpr std::uint32_t kOwnerReads = 0400;

bool is_lease(const Facts& facts, const std::string& path) {
  const auto& leases = facts.agent.lease_paths;
  return std::find(leases.begin(), leases.end(), path) != leases.end() ||
         is_lease_path(path, facts.agent.runtime);
}

FixChange of_file(Kind kind, const std::string& path) {
  return {.kind = kind, .path = path, .line = 0, .variable = {}};
}

bool names(const Facts& facts, const Finding& finding, const std::string& path) {
  return std::any_of(finding.evidence.begin(), finding.evidence.end(), [&](const Evidence& one) {
    return one.where == path || one.where == shown(facts, path);
  });
}

void add_once(Changes& changes, FixChange change, FixSafety safety) {
  const bool is_planned =
      std::any_of(changes.begin(), changes.end(),
                  [&](const PlannedChange& one) { return one.change == change; });
  if (!is_planned) changes.push_back({std::move(change), safety});
}

/// The first variable that the finding shows: the culprit.
std::string variable_of(const Finding& finding) {
  const auto shown = std::find_if(
      finding.evidence.begin(), finding.evidence.end(),
      [](const Evidence& one) { return one.kind == EvidenceKind::env && !one.where.empty(); });
  return shown == finding.evidence.end() ? "" : shown->where;
}

Changes at_lines(const Facts& facts, std::string_view variable, Kind kind,
                 const std::string& value = "") {
  Changes changes;
  for (const SettingLine& line : facts.setting_lines) {
    if (line.variable == variable)
      changes.push_back({{kind, line.path, line.line, line.variable, value}, FixSafety::unsafe});
  }
  return changes;
}

Changes comment_culprit(const Facts& facts, const Finding& finding) {
  return at_lines(facts, variable_of(finding), Kind::comment_line);
}

Changes rename_culprit(const Facts& facts, const Finding& finding) {
  return at_lines(facts, variable_of(finding), Kind::rename_variable);
}

Changes rewrite(const Facts& facts, FixSafety safety) {
  const TokenValue* value = value_at(facts, ask_python(facts).where);
  if (value == nullptr || value->source != ValueSource::file || is_lease(facts, value->where))
    return {};
  return {{of_file(Kind::rewrite_token, value->where), safety}};
}

Changes rewrite_safely(const Facts& facts, const Finding& /*finding*/) {
  return rewrite(facts, FixSafety::safe);
}

/// Quotes may be meant, though never by the Hub.
Changes rewrite_unsafely(const Facts& facts, const Finding& /*finding*/) {
  return rewrite(facts, FixSafety::unsafe);
}

/// The path as it was meant, or, if a variable in it is not known, the line out of the way.
Changes correct_paths(const Facts& facts, const Finding& finding) {
  Changes changes;
  if (finding.severity == Severity::info) return changes;  // it may be meant as it is
  for (const Evidence& evidence : finding.evidence) {
    if (evidence.kind != EvidenceKind::env) continue;
    std::string value = facts.environment.get(evidence.where).value_or("");
    std::erase_if(value, [](char c) { return c == '"' || c == '\''; });
    if (value.starts_with("~/")) value.replace(0, 1, facts.home);
    const bool is_path = value.starts_with('/') && value.find('$') == std::string::npos;
    for (PlannedChange& change :
         at_lines(facts, evidence.where, is_path ? Kind::write_value : Kind::comment_line,
                  is_path ? value : ""))
      changes.push_back(std::move(change));
  }
  return changes;
}

/// The token file that Python comes to and finds empty or not there; nullptr if it finds a token.
const token::ResolutionStep* empty_token_file(const Facts& facts, const PythonAnswer& python) {
  using Outcome = token::ResolutionStep::Outcome;
  if (python.has_token() || python.raises) return nullptr;
  const auto place =
      std::find_if(python.steps.begin(), python.steps.end(), [](const token::ResolutionStep& one) {
        return one.source == token::TokenSource::token_file &&
               (one.outcome == Outcome::missing || one.outcome == Outcome::empty);
      });
  return place == python.steps.end() || is_lease(facts, place->where) ? nullptr : &*place;
}

/// Only into an empty place, and only a token that the Hub did not refuse.
Changes copy_from_other_home(const Facts& facts, const Finding& finding) {
  const PythonAnswer python = ask_python(facts);
  const token::ResolutionStep* place = empty_token_file(facts, python);
  if (place == nullptr) return {};
  for (const TokenValue& value : facts.values) {
    if (value.source != ValueSource::file || value.sent.empty() || is_bad(facts, value.sent) ||
        !names(facts, finding, value.where) || is_lease(facts, value.where))
      continue;
    FixChange change = of_file(Kind::copy_token, place->where);
    change.from = value.where;
    return {{std::move(change), FixSafety::safe}};
  }
  return {};
}

/// What another place of clients has for the token file at `path`: a token that the Hub accepts,
/// if there is one alone. Which of two is meant, only a person knows.
std::optional<FixChange> from_elsewhere(const Facts& facts, Kind kind, const std::string& path) {
  std::optional<FixChange> change;
  std::string chosen;
  const auto consider = [&](const std::string& sent, const std::string& from,
                            const std::string& login) {
    if (from == path || sent == chosen || !is_valid(facts, sent)) return true;
    if (!chosen.empty()) return false;
    chosen = sent;
    change = of_file(kind, path);
    change->from = from;
    change->value = login;
    return true;
  };
  for (const StoredLoginFacts& login : facts.stored.logins) {
    if (!consider(login.token.stand_in, facts.stored.path, login.name)) return std::nullopt;
  }
  for (const TokenValue& value : facts.values) {
    if (value.source == ValueSource::file && !is_lease(facts, value.where) &&
        !consider(value.sent, value.where, ""))
      return std::nullopt;
  }
  return change;
}

/// A file with white space alone lost its token; where there is no file, somebody may have logged
/// out.
Changes fill_blank_file(const Facts& facts, const Finding& /*finding*/) {
  const PythonAnswer python = ask_python(facts);
  const token::ResolutionStep* place = empty_token_file(facts, python);
  if (place == nullptr || place->outcome != token::ResolutionStep::Outcome::empty) return {};
  const std::optional<FixChange> change = from_elsewhere(facts, Kind::copy_token, place->where);
  return change ? Changes{{*change, FixSafety::safe}} : Changes();
}

Changes replace_refused(const Facts& facts, const Finding& /*finding*/) {
  const TokenValue* used = value_at(facts, ask_python(facts).where);
  if (used == nullptr || used->source != ValueSource::file || is_lease(facts, used->where) ||
      !is_bad(facts, used->sent))
    return {};
  const std::optional<FixChange> change = from_elsewhere(facts, Kind::replace_token, used->where);
  return change ? Changes{{*change, FixSafety::unsafe}} : Changes();
}

/// Under the name that the token has at the Hub, as `hf auth login` does.
Changes add_to_stored(const Facts& facts, const Finding& /*finding*/) {
  const TokenValue* used = value_at(facts, ask_python(facts).where);
  const TokenVerdict* verdict = used == nullptr ? nullptr : verdict_on(facts, used->sent);
  const auto& logins = facts.stored.logins;
  if (verdict == nullptr || verdict->display_name.empty() || facts.stored.path.empty() ||
      verdict->display_name.find_first_of("[]\r\n") != std::string::npos ||
      std::any_of(logins.begin(), logins.end(), [&](const StoredLoginFacts& login) {
        return login.name == verdict->display_name;
      }))
    return {};
  FixChange change = of_file(Kind::add_login, facts.stored.path);
  change.value = verdict->display_name;
  change.from = used->where;
  return {{std::move(change), FixSafety::safe}};
}

/// Where the client gets what the agent gives out by default, another default changes it.
Changes make_default(const Facts& facts, const AgentProfile* profile) {
  const TokenValue* used = value_at(facts, ask_python(facts).where);
  if (profile == nullptr || profile->is_default || used == nullptr || !is_lease(facts, used->where))
    return {};
  const fs::path slot = fs::path(used->where).parent_path();
  if (slot.filename() != "default" || slot.parent_path().filename() == "lease") return {};
  FixChange change = of_file(Kind::make_default, "");
  change.value = profile->name;
  return {{std::move(change), FixSafety::safe}};
}

Changes switch_to_expected(const Facts& facts, const Finding& /*finding*/) {
  for (const AgentProfile* profile : profiles_here(facts)) {
    if (!facts.expected_user.empty() && profile->user == facts.expected_user)
      return make_default(facts, profile);
  }
  return {};
}

Changes switch_to_admitted(const Facts& facts, const Finding& /*finding*/) {
  for (const TargetFacts& target : facts.targets) {
    for (const TargetAnswer& answer : target.answers) {
      if (answer.access != hub::Access::granted || answer.sent.empty()) continue;
      if (Changes changes = make_default(facts, profile_with(facts, answer.sent)); !changes.empty())
        return changes;
    }
  }
  return {};
}

/// The authority for the variable that the client reads, beside the one that names it.
Changes copy_authority(const Facts& facts, const Finding& finding) {
  if (finding.fixes.empty() || finding.fixes.front().steps.empty()) return {};
  const std::string& command = finding.fixes.front().steps.front().command;
  const std::string& named_by = facts.hub.client_authority_set_by;
  for (const char* wanted : {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}) {
    if (command.find(wanted) != std::string::npos && named_by != wanted)
      return at_lines(facts, named_by, Kind::copy_line, wanted);
  }
  return {};
}

/// Of a file of one's own; another user's is refused when it is looked at.
Changes allow_reading(const Facts& facts, const Finding& finding) {
  for (const TokenFile& file : facts.files) {
    const bool is_known = file.mode != 0 || file.size != 0;  // else it is the folder
    if (file.kind == token::FileState::Kind::unreadable && is_known &&
        (file.mode & kOwnerReads) == 0 && names(facts, finding, file.path))
      return {{of_file(Kind::allow_reading, file.path), FixSafety::safe}};
  }
  return {};
}

Changes move_aside(const Facts& facts, const Finding& finding) {
  for (const TokenFile& file : facts.files) {
    if (file.kind == token::FileState::Kind::not_a_file && file.size == 0 &&
        names(facts, finding, file.path) && !is_lease(facts, file.path))
      return {{of_file(Kind::move_aside, file.path), FixSafety::unsafe}};
  }
  return {};
}

Changes remove_from_netrc(const Facts& facts, const Finding& finding) {
  Changes changes;
  for (const NetrcEntry& entry : facts.netrc) {
    if (finding.severity == Severity::info || !names(facts, finding, entry.path)) continue;
    FixChange change = of_file(Kind::remove_entry, entry.path);
    change.variable = "machine";
    change.value = entry.machine;
    changes.push_back({std::move(change), FixSafety::unsafe});
  }
  return changes;
}

Changes remove_from_git_store(const Facts& facts, const Finding& finding) {
  if (facts.git.stored.empty() || !names(facts, finding, facts.git.stored.front().path)) return {};
  const NetrcEntry& first = facts.git.stored.front();  // the one that git uses
  FixChange change = of_file(Kind::remove_entry, first.path);
  change.variable = "url";
  change.value = first.machine;
  return {{std::move(change), FixSafety::unsafe}};
}

Changes clean_remotes(const Facts& facts, const Finding& /*finding*/) {
  Changes changes;
  for (const GitRemote& remote : facts.git.remotes)
    add_once(changes, of_file(Kind::clean_remotes, remote.where), FixSafety::unsafe);
  return changes;
}

Changes comment_faults(const Facts& facts, const Finding& /*finding*/) {
  if (facts.stored.path.empty()) return {};
  return {{of_file(Kind::comment_faults, facts.stored.path), FixSafety::safe}};
}

Changes restrict_modes(const Facts& facts, const Finding& finding) {
  Changes changes;
  const auto add = [&](const std::string& path, std::uint32_t mode) {
    if ((mode & kForOthers) != 0 && names(facts, finding, path) && !is_lease(facts, path))
      changes.push_back({of_file(Kind::restrict_mode, path), FixSafety::safe});
  };
  for (const TokenFile& file : facts.files)
    add(file.path, file.mode);
  if (!facts.stored.path.empty()) add(facts.stored.path, facts.stored.mode);
  return changes;
}

/// Of what stands exposed in a place of this kind, one change a place, the last line first.
Changes at_exposed(const Facts& facts, std::string_view kind, Kind change, bool by_line) {
  Changes changes;
  for (const ExposedToken& token : facts.exposed) {
    if (token.kind != kind) continue;
    FixChange one = of_file(change, token.where);
    one.line = by_line ? token.line : 0;
    one.variable = change == Kind::comment_line ? token.variable : "";
    add_once(changes, std::move(one), FixSafety::unsafe);
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const PlannedChange& a, const PlannedChange& b) {
                     return a.change.path == b.change.path && a.change.line > b.change.line;
                   });
  return changes;
}

Changes remove_from_history(const Facts& facts, const Finding& /*finding*/) {
  return at_exposed(facts, "history", Kind::remove_commands, false);
}

Changes remove_from_notebooks(const Facts& facts, const Finding& /*finding*/) {
  return at_exposed(facts, "notebook", Kind::remove_tokens, false);
}

Changes comment_dotfiles(const Facts& facts, const Finding& /*finding*/) {
  Changes changes = at_exposed(facts, "dotfile", Kind::comment_line, true);
  std::erase_if(changes, [](const PlannedChange& one) { return one.change.variable.empty(); });
  return changes;
}

Changes close_env_files(const Facts& facts, const Finding& finding) {
  Changes changes;
  for (const ExposedToken& token : facts.exposed) {
    if (token.kind != "dotenv" || !names(facts, finding, token.where)) continue;
    if ((token.mode & kForOthers) != 0 && !facts.runtime.wsl)
      add_once(changes, of_file(Kind::restrict_mode, token.where), FixSafety::safe);
    if (token.tracked) {
      const fs::path file = token.where;
      FixChange rule = of_file(Kind::append_line, (file.parent_path() / ".gitignore").string());
      rule.value = file.filename().string();
      add_once(changes, std::move(rule), FixSafety::safe);
    }
  }
  return changes;
}

struct Rule {
  std::string_view finding;
  Changes (*changes)(const Facts& facts, const Finding& finding);
};

constexpr std::array kRules{
    Rule{"HFA101", comment_culprit},       Rule{"HFA103", rename_culprit},
    Rule{"HFA105", comment_culprit},       Rule{"HFA107", correct_paths},
    Rule{"HFA108", copy_from_other_home},  Rule{"HFA110", fill_blank_file},
    Rule{"HFA111", add_to_stored},         Rule{"HFA301", replace_refused},
    Rule{"HFA201", rewrite_safely},        Rule{"HFA202", rewrite_safely},
    Rule{"HFA203", rewrite_unsafely},      Rule{"HFA204", rewrite_safely},
    Rule{"HFA306", switch_to_expected},    Rule{"HFA406", switch_to_admitted},
    Rule{"HFA501", comment_culprit},       Rule{"HFA506", copy_authority},
    Rule{"HFA801", allow_reading},         Rule{"HFA802", move_aside},
    Rule{"HFA803", remove_from_netrc},     Rule{"HFA804", comment_faults},
    Rule{"HFA805", restrict_modes},        Rule{"HFA806", remove_from_git_store},
    Rule{"HFA810", clean_remotes},         Rule{"HFA901", remove_from_history},
    Rule{"HFA902", remove_from_notebooks}, Rule{"HFA904", comment_dotfiles},
    Rule{"HFA906", close_env_files},
};

}  // namespace

std::vector<PlannedChange> changes_for(const Facts& facts, const Finding& finding) {
  const auto rule = std::find_if(kRules.begin(), kRules.end(),
                                 [&](const Rule& one) { return one.finding == finding.id; });
  return rule == kRules.end() ? Changes() : rule->changes(facts, finding);
}

const AgentProfile* profile_with(const Facts& facts, std::string_view stand_in) {
  for (const AgentProfile* profile : profiles_here(facts)) {
    if (profile->stand_in == stand_in) return profile;
  }
  return nullptr;
}

std::string title_of(const Facts& facts, const FixChange& change) {
  const std::string path = shown(facts, change.path);
  const auto with = [](const char* text, const auto&... values) {
    return fmt::format(fmt::runtime(text), values...);
  };
  switch (change.kind) {
    case Kind::comment_line:
      return with(tr("comment out line {} of {}"), change.line, path);
    case Kind::rename_variable:
      return with(tr("rename the variable in line {} of {}"), change.line, path);
    case Kind::rewrite_token:
      return with(tr("leave nothing but the token in {}"), path);
    case Kind::restrict_mode:
      return with(tr("let nobody else read {}"), path);
    case Kind::write_value:
      return with(tr("write the whole path of {0} in line {1} of {2}"), change.variable,
                  change.line, path);
    case Kind::copy_line:
      return with(tr("set {0} too, behind line {1} of {2}"), change.value, change.line, path);
    case Kind::append_line:
      return with(tr("add the line {0} to {1}"), change.value, path);
    case Kind::remove_commands:
      return with(tr("remove the commands that hold a token from {}"), path);
    case Kind::remove_entry:
      return with(tr("remove the entry for {0} from {1}"), change.value, path);
    case Kind::clean_remotes:
      return with(tr("take the tokens out of the URLs in {}"), path);
    case Kind::comment_faults:
      return with(tr("comment out the lines of {} that cannot be read"), path);
    case Kind::add_login:
      return with(tr("add the token to {0} under the name {1}"), path, change.value);
    case Kind::copy_token:
      return change.value.empty()
                 ? with(tr("copy the token from {0} to {1}"), shown(facts, change.from), path)
                 : with(tr("write the token of the login {0} to {1}"), change.value, path);
    case Kind::replace_token:
      return change.value.empty()
                 ? with(tr("copy the token from {0} over the refused one in {1}"),
                        shown(facts, change.from), path)
                 : with(tr("write the token of the login {0} over the refused one in {1}"),
                        change.value, path);
    case Kind::remove_tokens:
      return with(tr("write hf_REMOVED over the tokens in {}"), path);
    case Kind::allow_reading:
      return with(tr("let yourself read {}"), path);
    case Kind::make_default:
      return with(tr("make {} the default"), change.value);
    case Kind::move_aside:
      break;
  }
  return with(tr("move {} out of the way"), path);
}

}  // namespace hfauth::diagnose
