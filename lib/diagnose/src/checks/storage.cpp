// SPDX-License-Identifier: Apache-2.0
//
// HFA803 to HFA812: files, helpers and keyrings beside the token's own file.
#include "../http_words.hpp"
#include "check.hpp"
#include "foreign_words.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"
#include "hfauth/diagnose/client_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hfauth::diagnose {
namespace {

constexpr std::uint32_t kForOthers = 0077;
constexpr std::uint64_t kTooLittle = std::uint64_t{50} << 20;  // bytes: no model file fits

std::string described(const Facts& facts, const HeldToken& token) {
  const std::string verdict = describe_verdict(facts, token.stand_in);
  return token.mask + " (" + token.fingerprint + ")" + (verdict.empty() ? "" : ": " + verdict);
}

/// Of "stored_tokens, line 3: ..."; 0 if it names none.
int line_in(std::string_view problem) {
  constexpr std::string_view kMark = ", line ";
  const std::size_t at = problem.find(kMark);
  int line = 0;
  if (at != std::string_view::npos) {
    problem.remove_prefix(at + kMark.size());
    std::from_chars(problem.data(), problem.data() + problem.size(), line);
  }
  return line;
}

}  // namespace

std::optional<Finding> find_netrc_overrides(const View& view) {
  const auto entry =
      std::find_if(view.facts.netrc.begin(), view.facts.netrc.end(),
                   [&](const NetrcEntry& one) { return one.token.stand_in != view.python.sent; });
  if (entry == view.facts.netrc.end()) {
    return std::nullopt;
  }
  const bool requests = uses_requests(view.facts.client.version);
  Finding finding = finding_of("HFA803");
  finding.severity = requests ? Severity::error : Severity::info;
  if (!requests) {
    finding.title = tr("The netrc has another token, which this client does not read");
  }
  finding.evidence.push_back(
      {EvidenceKind::file,
       fmt::format(fmt::runtime(tr("{0}, machine {1}: {2}")), shown(view.facts, entry->path),
                   entry->machine, described(view.facts, entry->token)),
       shown(view.facts, entry->path), ""});
  if (requests) {
    finding.evidence.push_back(
        {EvidenceKind::config,
         fmt::format(fmt::runtime(tr("huggingface_hub {} speaks through requests")),
                     view.facts.client.version),
         view.facts.client.where, ""});
    finding.fixes.push_back(replayed_fix(FixSafety::manual, view.facts.runtime.shell == "fish"
                                                                ? "set -gx NETRC /dev/null"
                                                                : "export NETRC=/dev/null"));
    finding.fixes.push_back({FixSafety::unsafe,
                             false,
                             tr("for good"),
                             {{fmt::format(fmt::runtime(tr("remove the entry {0} of {1}")),
                                           entry->machine, shown(view.facts, entry->path)),
                               "", ""}}});
  }
  return finding;
}

std::optional<Facts> without_netrc(const View& view) {
  Facts changed = view.facts;
  changed.netrc.clear();
  return changed;
}

std::optional<Finding> find_stored_tokens_corrupt(const View& view) {
  const StoredTokensFacts& stored = view.facts.stored;
  if (stored.problem.empty()) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA804");
  const std::string path = shown(view.facts, stored.path);
  finding.evidence.push_back({EvidenceKind::file, path + ": " + translated_problem(stored.problem),
                              path, "", line_in(stored.problem)});
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  finding.fixes.push_back({FixSafety::unsafe,
                           false,
                           "",
                           {{tr("mend the line, or move the file away: the active token stays"),
                             "mv '" + stored.path + "' '" + stored.path + ".old'", ""}}});
  return finding;
}

std::optional<Finding> find_permissions_too_open(const View& view) {
  Finding finding = finding_of("HFA805");
  if (view.facts.runtime.wsl) {
    return std::nullopt;  // modes of a mounted Windows disk are made up
  }
  const auto look = [&](const std::string& path, std::uint32_t mode) {
    if ((mode & kForOthers) != 0) {
      finding.evidence.push_back({EvidenceKind::file,
                                  fmt::format("{}: {:04o}", shown(view.facts, path), mode & 0777U),
                                  shown(view.facts, path), ""});
      finding.fixes.push_back(replayed_fix(FixSafety::safe, "chmod 600 '" + path + "'"));
    }
  };
  for (const TokenFile& file : view.facts.files) {
    if (file.kind == token::FileState::Kind::readable && !file.stand_in.empty() &&
        value_at(view.facts, file.path) != nullptr) {
      look(file.path, file.mode);
    }
  }
  if (!view.facts.stored.path.empty()) {
    look(view.facts.stored.path, view.facts.stored.mode);
  }
  return finding.evidence.empty() ? std::nullopt : std::optional(std::move(finding));
}

namespace {

/// What git sends by its helpers: the first one with a token decides.
std::optional<HeldPlace> sent_by_git_helpers(const Facts& facts, bool& by_store) {
  for (const GitHelper& helper : facts.git.helpers) {
    if (!is_for_the_hub(facts, helper)) {
      continue;
    }
    by_store = helper.helper == "store" || helper.helper.starts_with("store ");
    if (by_store && !facts.git.stored.empty()) {
      return HeldPlace{facts.git.stored.front().path, facts.git.stored.front().token};
    }
    if (helper.asked && !helper.token.mask.empty()) {
      return HeldPlace{"credential.helper " + helper.helper, helper.token};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> find_git_helper_stale(const View& view) {
  bool by_store = false;
  const std::optional<HeldPlace> sent = sent_by_git_helpers(view.facts, by_store);
  if (!sent || !view.python.has_token() || sent->token.stand_in == view.python.sent) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA806");
  finding.severity = is_bad(view.facts, sent->token.stand_in) ? Severity::error : Severity::warning;
  const std::string place =
      by_store ? shown(view.facts, sent->where) + ", " + view.facts.git.stored.front().machine
               : sent->where;
  finding.evidence.push_back({by_store ? EvidenceKind::file : EvidenceKind::config,
                              fmt::format("{}: {}", place, described(view.facts, sent->token)),
                              by_store ? shown(view.facts, sent->where) : "", ""});
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  finding.fixes.push_back(command_fix(FixSafety::unsafe, "hfauth login --add-to-git-credential"));
  return finding;
}

std::optional<Finding> find_git_helper_missing(const View& view) {
  if (!view.facts.git.in_hub_clone || !view.facts.git.helpers.empty()) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA807");
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth login --add-to-git-credential"));
  return finding;
}

std::optional<Finding> find_keyring_unavailable(const View& view) {
  if (view.facts.keyring.state != "no_bus") {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA808");
  const auto& store = view.facts.agent.store;
  finding.evidence.push_back(
      {EvidenceKind::env,
       store.empty()
           ? std::string(tr("no session bus"))
           : fmt::format(fmt::runtime(tr("no session bus; the agent keeps tokens in: {}")), store),
       "DBUS_SESSION_BUS_ADDRESS", ""});
  return finding;
}

std::optional<Finding> find_agent_and_file_differ(const View& view) {
  const TokenValue* used = view.effective();
  const AgentProfile* profile = default_profile(view.facts);
  if (used == nullptr || profile == nullptr || used->source != ValueSource::file ||
      is_lease_path(used->where, view.facts.agent.runtime) ||
      used->fingerprint == profile->fingerprint) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA809");
  const TokenVerdict* one = verdict_on(view.facts, used->sent);
  const TokenVerdict* other = verdict_on(view.facts, profile->stand_in);
  if (one != nullptr && other != nullptr && !one->user.empty() && one->user == other->user) {
    finding.severity = Severity::info;
  }
  finding.evidence.push_back(value_evidence(view.facts, *used));
  finding.evidence.push_back({EvidenceKind::config, profile_text(*profile), "", ""});
  finding.fixes.push_back(
      command_fix(FixSafety::safe, env_command(view.facts), tr("if the agent's is meant")));
  finding.fixes.push_back(
      command_fix(FixSafety::safe, "hfauth import", tr("if the file's is meant")));
  return finding;
}

std::optional<Finding> find_credential_in_remote(const View& view) {
  Finding finding = finding_of("HFA810");
  for (const GitRemote& remote : view.facts.git.remotes) {
    finding.evidence.push_back(
        {EvidenceKind::file,
         fmt::format(fmt::runtime(tr("{0}, remote {1}: {2}")), shown(view.facts, remote.where),
                     remote.name, described(view.facts, remote.token)),
         shown(view.facts, remote.where), ""});
    finding.fixes.push_back(
        {FixSafety::unsafe,
         false,
         "",
         {{"", "git remote set-url " + remote.name + " https://" + remote.host + "/OWNER/NAME", ""},
          {tr("then replace the token"), "", "https://huggingface.co/settings/tokens"}}});
  }
  return finding.evidence.empty() ? std::nullopt : std::optional(std::move(finding));
}

std::optional<Finding> find_cache_not_writable(const View& view) {
  Finding finding = finding_of("HFA811");
  for (const FolderFacts& folder : view.facts.folders) {
    const std::string path = shown(view.facts, folder.path);
    if (!folder.writable && folder.exists) {
      finding.evidence.push_back(
          {EvidenceKind::file,
           fmt::format(fmt::runtime(tr("{0}: not writable by you (owner {1}, mode {2:04o})")), path,
                       folder.owner, folder.mode),
           path, ""});
      finding.fixes.push_back(
          command_fix(FixSafety::unsafe, "sudo chown -R \"$USER\" '" + folder.path + "'"));
    } else if (folder.total_bytes > 0 && folder.free_bytes < kTooLittle) {
      finding.evidence.push_back(
          {EvidenceKind::file,
           fmt::format(fmt::runtime(tr("{0}: {1} MB are left")), path, folder.free_bytes >> 20),
           path, ""});
      finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth cache prune"));
    }
  }
  if (finding.evidence.empty()) {
    return std::nullopt;
  }
  // A shared cache that others fill is meant to be read alone.
  if (finding.evidence.size() == 1 && view.facts.environment.is_true("HF_HUB_OFFLINE")) {
    finding.severity = Severity::info;
  }
  return finding;
}

std::optional<Finding> find_lock_held(const View& view) {
  if (!view.facts.stored.lock_held) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA812");
  finding.severity = Severity::warning;  // whoever writes holds it for an instant
  finding.evidence.push_back(
      {EvidenceKind::file, shown(view.facts, view.facts.stored.path + ".lock"), "", ""});
  return finding;
}

}  // namespace hfauth::diagnose
