// SPDX-License-Identifier: Apache-2.0
//
// HFA302 to HFA306, HFA003, HFA209: whose token it is, how long it lasts, and where it is used.
#include "check.hpp"
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace hfauth::diagnose {
namespace {

constexpr token::ClientVersion kRefreshes{1, 20, 0};  // facts/hub-auth.md §1.1
constexpr std::chrono::hours kSoon{24 * 7};
constexpr std::chrono::hours kVerySoon{24};

std::optional<WallTime> time_of(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const Result<WallTime> time = parse_utc(text);
  return time ? std::optional(*time) : std::nullopt;
}

const StoredLoginFacts* stored_login(const Facts& facts, std::string_view sent) {
  const auto found =
      std::find_if(facts.stored.logins.begin(), facts.stored.logins.end(),
                   [sent](const StoredLoginFacts& one) { return one.token.stand_in == sent; });
  return found == facts.stored.logins.end() ? nullptr : &*found;
}

}  // namespace

std::optional<Finding> find_token_ignored(const View& view) {
  const SaidMessage* message = said(view.facts, "HFA302");
  if (message == nullptr) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA302");
  finding.evidence.push_back(quoted(*message));
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  // Where the configured token is good, the program passed another one.
  finding.fixes.push_back(is_valid(view.facts, view.python.sent)
                              ? command_fix(FixSafety::manual, "hfauth explain HFA605")
                              : command_fix(FixSafety::safe, "hfauth login"));
  return finding;
}

std::optional<Finding> find_login_ran_out(const View& view) {
  const StoredLoginFacts* login = stored_login(view.facts, view.python.sent);
  const auto end = login == nullptr ? std::nullopt : time_of(login->expires);
  if (!end || *end > view.facts.taken) {
    return std::nullopt;
  }
  const token::ClientVersion version =
      token::ClientVersion::parse(view.facts.client.version).value_or(token::ClientVersion{});
  const bool renews =
      version >= kRefreshes && login->can_refresh && !has_program(view.facts, "hfrs");
  if (renews && !is_bad(view.facts, view.python.sent)) {
    return std::nullopt;  // Python does it at the next request
  }
  Finding finding = finding_of("HFA304");
  finding.evidence.push_back({EvidenceKind::file,
                              fmt::format(fmt::runtime(tr("login {0}: ended on {1}")), login->name,
                                          login->expires.substr(0, 10)),
                              shown(view.facts, view.facts.stored.path), ""});
  finding.evidence.push_back(
      {EvidenceKind::config,
       has_program(view.facts, "hfrs") ? std::string(tr("hfrs does not renew logins"))
       : login->can_refresh
           ? fmt::format(
                 fmt::runtime(tr("huggingface_hub {} does not renew logins; 1.20 and later do")),
                 version.str())
           : std::string(tr("there is no refresh token with it")),
       "", ""});
  if (renews) {
    finding.evidence.pop_back();
  }
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth login"));
  return finding;
}

std::optional<Finding> find_token_expiring(const View& view) {
  const TokenVerdict* verdict = verdict_on(view.facts, view.python.sent);
  const TokenValue* used = view.effective();
  if (verdict == nullptr || verdict->verdict != hub::Verdict::valid || used == nullptr ||
      is_lease_path(used->where, view.facts.agent.runtime)) {
    return std::nullopt;
  }
  const StoredLoginFacts* login = stored_login(view.facts, view.python.sent);
  const auto end =
      time_of(verdict->expires.empty() && login != nullptr ? login->expires : verdict->expires);
  if (!end || *end - view.facts.taken > kSoon || (login != nullptr && login->can_refresh)) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA305");
  finding.severity = *end - view.facts.taken <= kVerySoon ? Severity::warning : Severity::info;
  finding.evidence.push_back(
      {EvidenceKind::http,
       fmt::format(fmt::runtime(tr("{0} ends at {1}")), used->mask, format_utc(*end)), "", ""});
  finding.fixes.push_back(
      {FixSafety::manual,
       false,
       "",
       {{tr("create the next token"), "", "https://huggingface.co/settings/tokens"}}});
  return finding;
}

std::optional<Finding> find_wrong_account(const View& view) {
  const TokenVerdict* verdict = verdict_on(view.facts, view.python.sent);
  const std::string& expected = view.facts.expected_user;
  if (expected.empty() || verdict == nullptr || verdict->user.empty() ||
      verdict->user == expected) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA306");
  finding.title =
      fmt::format(fmt::runtime(tr("The token belongs to {0}, and {1} is expected here")),
                  verdict->user, expected);
  if (const TokenValue* used = view.effective()) {
    finding.evidence.push_back(value_evidence(view.facts, *used));
  }
  finding.evidence.push_back(
      {EvidenceKind::file, "hfauth.toml: expect_user = \"" + expected + "\"", "hfauth.toml", ""});
  finding.fixes.push_back(command_fix(FixSafety::safe, "hfauth switch " + expected));
  return finding;
}

std::optional<Finding> find_unknown_version(const View& view) {
  const token::ClientVersion newest;
  const auto version = token::ClientVersion::parse(view.facts.client.version);
  if (!version || version->major < newest.major ||
      (version->major == newest.major && version->minor <= newest.minor)) {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA003");
  finding.confidence = Confidence::possible;
  finding.evidence.push_back(
      {EvidenceKind::file,
       fmt::format(fmt::runtime(tr("huggingface_hub {0}; rules are known to {1}")),
                   view.facts.client.version, newest.str()),
       shown(view.facts, view.facts.client.where), ""});
  return finding;
}

std::optional<Finding> find_same_token_everywhere(const View& view) {
  constexpr std::size_t kMany = 3;  // the file and the list of stored tokens are one login
  const TokenVerdict* verdict = verdict_on(view.facts, view.python.sent);
  const TokenValue* used = view.effective();
  if (used == nullptr || verdict == nullptr || verdict->role != "write") {
    return std::nullopt;
  }
  Finding finding = finding_of("HFA209");
  const auto add = [&](const std::string& where) {
    finding.evidence.push_back({EvidenceKind::file, where + ": " + used->mask, where, ""});
  };
  for (const TokenValue& value : view.facts.values) {
    if (value.sent == used->sent) {
      add(shown(view.facts, value.where));
    }
  }
  for (const auto* entries : {&view.facts.netrc, &view.facts.git.stored}) {
    for (const NetrcEntry& entry : *entries) {
      if (entry.token.stand_in == used->sent) {
        add(shown(view.facts, entry.path));
      }
    }
  }
  for (const ExposedToken& token : view.facts.exposed) {
    if (token.fingerprint == used->fingerprint) {
      add(shown(view.facts, token.where));
    }
  }
  return finding.evidence.size() < kMany ? std::nullopt : std::optional(std::move(finding));
}

}  // namespace hfauth::diagnose
