// SPDX-License-Identifier: Apache-2.0
//
// Wordings that several checks share: a token with its source, mask, fingerprint and verdict, and
// commands in the syntax of the user's shell.
#include "check.hpp"
#include "foreign_words.hpp"
#include "hfauth/core/paths.hpp"
#include "hfauth/core/translate.hpp"
#include "setting_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {

std::string unset_command(const Facts& facts, std::string_view names) {
  return (facts.runtime.shell == "fish" ? "set -e " : "unset ") + std::string(names);
}

std::string shown(const Facts& facts, std::string_view path) {
  return show_path(std::filesystem::path(path), facts.home);
}

EvidenceKind kind_of(ValueSource source) noexcept {
  switch (source) {
    case ValueSource::env:
      return EvidenceKind::env;
    case ValueSource::file:
      return EvidenceKind::file;
    case ValueSource::agent:
      break;
  }
  return EvidenceKind::config;
}

bool has_program(const Facts& facts, std::string_view name) {
  return std::any_of(facts.programs.begin(), facts.programs.end(),
                     [name](const ProgramFacts& one) { return one.name == name; });
}

bool is_bad(const Facts& facts, std::string_view sent) {
  const TokenVerdict* verdict = verdict_on(facts, sent);
  return verdict != nullptr &&
         (verdict->verdict == hub::Verdict::invalid || verdict->verdict == hub::Verdict::expired);
}

bool is_valid(const Facts& facts, std::string_view sent) {
  const TokenVerdict* verdict = verdict_on(facts, sent);
  return verdict != nullptr && verdict->verdict == hub::Verdict::valid;
}

const SaidMessage* said(const Facts& facts, std::string_view check) {
  const auto found = std::find_if(facts.said.begin(), facts.said.end(),
                                  [check](const SaidMessage& one) { return one.check == check; });
  return found == facts.said.end() ? nullptr : &*found;
}

Evidence quoted(const SaidMessage& message) {
  return {EvidenceKind::text, message.message + ": \"" + message.quote + "\"", "", ""};
}

std::string describe_verdict(const Facts& facts, std::string_view sent) {
  const TokenVerdict* verdict = verdict_on(facts, sent);
  if (verdict == nullptr) {
    return "";
  }
  switch (verdict->verdict) {
    case hub::Verdict::valid:
      return fmt::format(fmt::runtime(tr("the Hub says: valid, {} ({})")), verdict->user,
                         verdict->role.empty() ? "-" : verdict->role);
    case hub::Verdict::invalid:
      return fmt::format(fmt::runtime(tr("the Hub says: invalid ({} {})")), verdict->status,
                         verdict->message);
    case hub::Verdict::expired:
      return fmt::format(fmt::runtime(tr("the Hub says: expired ({} {})")), verdict->status,
                         verdict->message);
    case hub::Verdict::unknown:
      break;
  }
  return fmt::format(fmt::runtime(tr("not known: {}")), translated_failure(verdict->failure));
}

std::string describe_token(const Facts& facts, const TokenValue& value) {
  const std::string where =
      value.source == ValueSource::file ? shown(facts, value.where) : value.where;
  std::string text = fmt::format("{} {} ({})", where, value.mask, value.fingerprint);
  const std::string verdict = describe_verdict(facts, value.sent);
  return verdict.empty() ? text : text + ": " + verdict;
}

Evidence value_evidence(const Facts& facts, const TokenValue& value) {
  const TokenVerdict* verdict = verdict_on(facts, value.sent);
  return {kind_of(value.source), describe_token(facts, value), shown(facts, value.where),
          verdict != nullptr ? verdict->request_id : ""};
}

Fix command_fix(FixSafety safety, std::string command, std::string title) {
  return {safety, false, std::move(title), {{"", std::move(command), ""}}};
}

Fix replayed_fix(FixSafety safety, std::string command, std::string title) {
  Fix fix = command_fix(safety, std::move(command), std::move(title));
  fix.replayed = true;
  return fix;
}

std::string env_command(const Facts& facts, std::string_view profile) {
  const std::string command =
      "hfauth env" + (profile.empty() ? std::string() : " --name " + std::string(profile));
  return facts.runtime.shell == "fish" ? command + " | source" : "eval \"$(" + command + ")\"";
}

std::string profile_text(const AgentProfile& profile) {
  return fmt::format(fmt::runtime(tr("agent, profile {}: {} ({})")), profile.name, profile.mask,
                     profile.fingerprint);
}

std::string translated_reason(const std::string& reason) {
  // The resolver's own words (lib/token/src/resolver.cpp), listed for the translators.
  static constexpr std::array kReasons{
      tr_later("not set"),
      tr_later("set to nothing"),
      tr_later("no such file"),
      tr_later("nothing is left after cleaning"),
      tr_later("the first source that yields a token"),
      tr_later("an earlier source decides"),
      tr_later("HF_TOKEN comes first"),
      tr_later("HF_TOKEN is blank but not empty, so this one is not looked at"),
      tr_later(
          "set, but there is no id token to exchange: every call fails and nothing else is tried"),
      tr_later("an id token is exchanged for a short-lived token"),
      tr_later("not readable: the client stops with PermissionError"),
      tr_later("not a file: the client stops with IsADirectoryError"),
      tr_later("not UTF-8: the client stops with UnicodeDecodeError"),
      // lib/token/src/resolver_other.cpp
      tr_later("the variable as it is, not trimmed"),
      tr_later("the variable as it is"),
      tr_later("the file, trimmed"),
      tr_later("empty or unreadable, and passed over without a word"),
      tr_later("set, so nothing is looked for; here any value counts, \"0\" too"),
      tr_later("the library does not read it"),
      tr_later("from 1.0 on the program must pass the token itself"),
      tr_later("the library sends what the program passes as accessToken, nothing else"),
      tr_later("does not begin with hf_: the command stops"),
      tr_later("the command does not read it"),
      // client_answer.cpp
      tr_later("the token in the remote's address"),
      tr_later("the entry for the Hub"),
      tr_later("hfauth's helper: the agent's default token"),
      tr_later("hfauth's helper, and the agent has no default token"),
      tr_later("what git stored"),
      tr_later("nothing is stored for the Hub"),
      tr_later("a program that is not run here: not known"),
      tr_later("what it answers git"),
      tr_later("it has nothing for the Hub"),
      tr_later("git does not read it"),
      tr_later("curl does not read it"),
      tr_later("has an entry for the Hub, read with -n alone"),
      tr_later("no legal header: nothing is sent, without a word"),
      tr_later("no legal header: the command stops"),
  };
  const auto* const known = std::find(kReasons.begin(), kReasons.end(), reason);
  return known == kReasons.end() ? reason : tr(*known);
}

std::vector<FixStep> lines_that_set(const Facts& facts, std::string_view name) {
  std::vector<FixStep> steps;
  for (const SettingLine& line : facts.setting_lines) {
    if (line.variable == name) {
      steps.push_back({fmt::format(fmt::runtime(tr("remove the line that sets it: {} line {}")),
                                   shown(facts, line.path), line.line),
                       "", ""});
    }
  }
  return steps;
}

void add_setting_lines(const Facts& facts, Finding& finding) {
  const std::vector<Evidence> proofs = finding.evidence;
  const bool named = std::any_of(proofs.begin(), proofs.end(), [](const Evidence& proof) {
    return proof.kind == EvidenceKind::file && proof.line != 0;
  });
  std::string last;
  for (const Evidence& proof : proofs) {
    if (named || proof.kind != EvidenceKind::env || proof.where.empty() || proof.where == last) {
      continue;
    }
    last = proof.where;
    for (Evidence& line : evidence_of_setting(facts, proof.where)) {
      finding.evidence.push_back(std::move(line));
    }
  }
}

}  // namespace hfauth::diagnose
