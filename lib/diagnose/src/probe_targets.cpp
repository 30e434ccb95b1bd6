// SPDX-License-Identifier: Apache-2.0
//
// What the Hub lets whom do with the targets: nobody, and each token that the Hub has accepted or
// refused in this run, three at most. If nobody sees a target, whether it is there under another
// type, or under a name that differs by a letter or two.
#include "hfauth/core/mask.hpp"
#include "hfauth/core/suggestion.hpp"
#include "probes.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace hfauth::diagnose {
namespace {

using hub::Access;
using hub::Repo;
using hub::RepoType;

constexpr std::size_t kFewEdits = 2;
constexpr std::size_t kMostSimilar = 3;

constexpr std::size_t kMostOfScripts = 8;  // each costs the Hub four questions

struct Wanted {
  Repo repo;
  bool write;
};

/// "datasets/org/name", as script_reading.cpp writes it.
std::optional<Repo> repo_of(std::string_view subject) {
  RepoType type = RepoType::model;
  for (const RepoType other : {RepoType::dataset, RepoType::space}) {
    const std::string prefix = std::string(hub::name_of(other)) + "s/";
    if (subject.starts_with(prefix)) {
      subject.remove_prefix(prefix.size());
      type = other;
      break;
    }
  }
  const Result<Repo> repo = Repo::parse(subject, type);
  return repo ? std::optional(*repo) : std::nullopt;
}

/// What was named, and what the programs that were named use.
std::vector<Wanted> wanted_targets(const ProbeInput& input, const Facts& facts) {
  std::vector<Wanted> wanted;
  for (const Repo& repo : input.targets)
    wanted.push_back({repo, input.write});
  const auto find = [&wanted](const Repo& repo) {
    return std::find_if(wanted.begin(), wanted.end(), [&repo](const Wanted& one) {
      return one.repo.id() == repo.id() && one.repo.type() == repo.type();
    });
  };
  for (const ScriptFacts& script : facts.scripts) {
    for (const ScriptPlace& place : script.places) {
      const bool write = place.kind == "upload";
      const std::optional<Repo> repo =
          write || place.kind == "repo" ? repo_of(place.subject) : std::nullopt;
      if (!repo) {
        continue;
      }
      if (const auto known = find(*repo); known != wanted.end()) {
        known->write = known->write || write || input.write;
      } else if (wanted.size() < kMostOfScripts) {
        wanted.push_back({*repo, write || input.write});
      }
    }
  }
  return wanted;
}

TargetAnswer ask(const ProbeInput& input, const Repo& repo, bool write, const std::string& sent,
                 const Secret* token) {
  const hub::AccessAnswer said = input.hub.access(repo, write, token);
  TargetAnswer answer;
  answer.sent = sent;
  answer.access = said.access;
  answer.status = said.answer.status;
  answer.message = redact(said.answer.message);
  answer.request_id = said.answer.request_id;
  answer.failure = said.failure ? redact(said.failure->detail) : "";
  return answer;
}

bool is_absent_for_all(const TargetFacts& target) {
  return std::all_of(target.answers.begin(), target.answers.end(), [](const TargetAnswer& one) {
    return one.access == Access::absent || one.access == Access::bad_token;
  });
}

bool is_granted_to_somebody(const TargetFacts& target) {
  return std::any_of(target.answers.begin(), target.answers.end(), [](const TargetAnswer& one) {
    return one.access == Access::granted || one.access == Access::read_only;
  });
}

void look_around(const ProbeInput& input, const Repo& repo, const Secret* token,
                 TargetFacts& target) {
  for (const RepoType type : {RepoType::model, RepoType::dataset, RepoType::space}) {
    const auto other = Repo::parse(repo.id(), type);
    if (type == repo.type() || !other) {
      continue;
    }
    const Access access = input.hub.access(*other, false, token).access;
    if (access != Access::absent && access != Access::bad_token && access != Access::unknown) {
      target.other_types.emplace_back(hub::name_of(type));
    }
  }
  if (!input.hub.siblings) {
    return;
  }
  for (const std::string& id : input.hub.siblings(repo)) {
    if (id != repo.id() && edit_distance(id, repo.id()) <= kFewEdits &&
        target.similar.size() < kMostSimilar) {
      target.similar.push_back(id);
    }
  }
}

/// What each token that the Hub was asked about is granted there, and whether files can be fetched.
void ask_about(const ProbeInput& input, const Repo& repo, bool write, Facts& facts,
               const Secrets& secrets, TargetFacts& target) {
  target.answers.push_back(ask(input, repo, write, "", nullptr));
  const Secret* good = nullptr;
  for (const TokenVerdict& verdict : facts.hub.verdicts) {
    const auto secret = secrets.find(verdict.sent);
    if (secret == secrets.end() || !has_time_left(input, facts)) continue;
    target.answers.push_back(ask(input, repo, write, verdict.sent, &secret->second));
    if (verdict.verdict == hub::Verdict::valid && good == nullptr) good = &secret->second;
  }
  if (input.hub.file_hosts && is_granted_to_somebody(target) && has_time_left(input, facts)) {
    FileHosts hosts = input.hub.file_hosts(repo, good);
    target.file_host = std::move(hosts.plain);
    target.xet_host = std::move(hosts.xet);
  }
  if (is_absent_for_all(target) && has_time_left(input, facts)) {
    look_around(input, repo, good, target);
  }
}

}  // namespace

void probe_targets(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  facts.write_intended = input.write;
  facts.security_profile = input.security;
  for (const auto& [repo, write] : wanted_targets(input, facts)) {
    facts.write_intended = facts.write_intended || write;
    TargetFacts target;
    target.id = repo.id();
    target.type = hub::name_of(repo.type());
    if (facts.hub.reached && input.hub.access && has_time_left(input, facts)) {
      ask_about(input, repo, write, facts, secrets, target);
    }
    facts.targets.push_back(std::move(target));
  }
}

}  // namespace hfauth::diagnose
