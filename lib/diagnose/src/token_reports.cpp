// SPDX-License-Identifier: Apache-2.0
//
// Tokens are one by fingerprint, however many places hold them.
#include "token_reports.hpp"

#include "checks/check.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/client_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hfauth::diagnose {
namespace {

std::string state_of(const TokenVerdict* verdict) {
  return verdict == nullptr ? "not_checked" : std::string(hub::name_of(verdict->verdict));
}

TokenReport& token_with(Report& report, const Facts& facts, const std::string& fingerprint,
                        const std::string& mask, const std::string& sent) {
  const auto known =
      std::find_if(report.tokens.begin(), report.tokens.end(),
                   [&](const TokenReport& token) { return token.fingerprint == fingerprint; });
  if (known != report.tokens.end()) {
    return *known;
  }
  TokenReport token;
  token.ref = "token-" + std::to_string(report.tokens.size() + 1);
  token.mask = mask;
  token.fingerprint = fingerprint;
  token.sent = sent;
  const TokenVerdict* verdict = verdict_on(facts, sent);
  token.state = state_of(verdict);
  if (verdict != nullptr) {
    token.account = verdict->user;
    token.role = verdict->role;
    token.display_name = verdict->display_name;
    token.expires = verdict->expires;
  }
  report.tokens.push_back(std::move(token));
  return report.tokens.back();
}

/// The token that stands at a variable or path; "" if there is none.
std::string ref_at(const Report& report, const Facts& facts, std::string_view where) {
  const TokenValue* value = value_at(facts, where);
  if (value == nullptr || value->sent.empty()) {
    return "";
  }
  const auto token =
      std::find_if(report.tokens.begin(), report.tokens.end(),
                   [&](const TokenReport& one) { return one.fingerprint == value->fingerprint; });
  return token == report.tokens.end() ? "" : token->ref;
}

std::string ref_of(const Report& report, const Facts& facts, const PythonAnswer& python) {
  if (!python.has_token()) {
    return "";
  }
  const std::string ref = ref_at(report, facts, python.where);
  const auto same =
      std::find_if(report.tokens.begin(), report.tokens.end(),
                   [&](const TokenReport& token) { return token.sent == python.sent; });
  return ref.empty() && same != report.tokens.end() ? same->ref : ref;
}

std::optional<token::Notice> noticed_at(const token::ResolutionStep& step) {
  using Outcome = token::ResolutionStep::Outcome;
  const bool counts = step.outcome == Outcome::used || step.outcome == Outcome::shadowed;
  return counts ? std::optional(token::notice_of(step.source)) : std::nullopt;
}

ClientReport client_of(const Report& report, const Facts& facts, const PythonAnswer& python,
                       std::string version, std::string name = "huggingface_hub") {
  ClientReport client{std::move(name), std::move(version), ref_of(report, facts, python), {}, {}};
  client.sends = python.sent_by_default && !python.raises;
  for (const token::ResolutionStep& step : python.steps) {
    client.order.push_back(shown(facts, step.where) + ": " + step.reason);
    client.steps.push_back({shown(facts, step.where), translated_reason(step.reason), step.outcome,
                            ref_at(report, facts, step.where), noticed_at(step)});
  }
  return client;
}

/// What git has of its own: nobody else sends it.
void add_tokens_of_git(const Facts& facts, Report& report) {
  const auto add = [&](const HeldToken& token, const char* kind, const std::string& where) {
    token_with(report, facts, token.fingerprint, token.mask, token.stand_in)
        .sources.push_back({kind, where});
  };
  for (const GitRemote& remote : facts.git.remotes)
    add(remote.token, "git", shown(facts, remote.where));
  for (const NetrcEntry& entry : facts.netrc)
    add(entry.token, "netrc", shown(facts, entry.path));
  for (const NetrcEntry& entry : facts.git.stored)
    add(entry.token, "git", shown(facts, entry.path));
  for (const GitHelper& helper : facts.git.helpers) {
    if (!helper.token.mask.empty()) add(helper.token, "git", "credential.helper " + helper.helper);
  }
}

/// Of the huggingface_hub whose rules count: that of the machine, else the newest that is known.
std::string python_version(const Facts& facts) {
  return facts.client.version.empty()
             ? fmt::format(fmt::runtime(tr("{} (assumed)")), token::ClientVersion().str())
             : facts.client.version;
}

/// Every client that is known, huggingface_hub first: it is the one that is judged.
void add_all(const Facts& facts, Report& report) {
  static constexpr std::array kNames{
      "huggingface_hub", "hfrs", "hf-hub", "@huggingface/hub", "hfjs", "git", "curl"};
  for (const char* name : kNames) {
    Facts one = facts;
    one.asked = {name, ""};
    ask_about(asked_client(one), one);
    const bool is_python = report.clients.empty();
    std::string version = is_python ? python_version(facts) : one.asked.version;
    report.clients.push_back(client_of(report, one, ask_client(one), std::move(version), name));
  }
  report.client_asked = true;
}

/// The client that was asked for, and beside one of the Python family nothing else.
void add_asked(const Facts& facts, Report& report) {
  const token::NamedClient asked = asked_client(facts);
  const bool is_python = !asked.other;
  std::string version = is_python ? python_version(facts) : asked.version;
  report.client_asked = true;
  ClientReport client = client_of(
      report, facts, ask_client(facts), std::move(version),
      is_python && asked.name != "huggingface_hub" ? asked.name + ": huggingface_hub" : asked.name);
  report.clients.push_back(std::move(client));
}

/// What stands in the usual places, and what the agent keeps.
void add_tokens(const Facts& facts, Report& report) {
  for (const TokenValue& value : facts.values) {
    if (value.sent.empty()) {
      continue;
    }
    const bool is_file = value.source == ValueSource::file;
    token_with(report, facts, value.fingerprint, value.mask, value.sent)
        .sources.push_back(
            {is_file ? "file" : "env", is_file ? shown(facts, value.where) : value.where});
  }
  for (const AgentProfile& profile : facts.agent.profiles) {
    TokenReport& token =
        token_with(report, facts, profile.fingerprint, profile.mask, profile.stand_in);
    token.sources.push_back({"keyring", profile.name});
    // What the agent remembers of the login, if the Hub was not asked now.
    token.account = token.account.empty() ? profile.user : token.account;
    token.role = token.role.empty() ? profile.role : token.role;
  }
}

/// What was asked about beside them: a program's literals, and what only some clients send.
void add_other_tokens(const Facts& facts, Report& report) {
  for (const ScriptFacts& script : facts.scripts) {
    for (const ScriptPlace& place : script.places) {
      if (place.token.fingerprint.empty()) continue;
      token_with(report, facts, place.token.fingerprint, place.token.mask, place.token.stand_in)
          .sources.push_back({"file", shown(facts, script.path)});
    }
  }
  if (facts.all_tried || facts.asked.name == "git" || facts.asked.name == "all")
    add_tokens_of_git(facts, report);
  if (!facts.all_tried) return;
  for (const StoredLoginFacts& login : facts.stored.logins) {
    token_with(report, facts, login.token.fingerprint, login.token.mask, login.token.stand_in)
        .sources.push_back({"stored", login.name});
  }
}

void add_clients(const Facts& facts, Report& report) {
  if (facts.asked.name == "all") return add_all(facts, report);
  if (!facts.asked.name.empty()) return add_asked(facts, report);
  report.clients.push_back(client_of(report, facts, ask_python(facts), python_version(facts)));
  if (facts.runtime.colab && facts.client.version.empty()) {
    const token::ClientVersion before{1, 18, 0};  // the vault first: the order changed in 1.19
    report.clients.push_back(
        client_of(report, facts, ask_python(facts, before),
                  fmt::format(fmt::runtime(tr("{} (if older than 1.19)")), before.str())));
  }
}

}  // namespace

void add_tokens_and_clients(const Facts& facts, Report& report) {
  add_tokens(facts, report);
  add_other_tokens(facts, report);
  add_clients(facts, report);
  report.token_ref = report.clients.front().uses;
  if (const AgentProfile* profile = default_profile(facts);
      !report.client_asked && report.token_ref.empty() && profile != nullptr) {
    report.token_ref =
        token_with(report, facts, profile->fingerprint, profile->mask, profile->stand_in).ref;
  }
  const auto used =
      std::find_if(report.tokens.begin(), report.tokens.end(),
                   [&](const TokenReport& token) { return token.ref == report.token_ref; });
  if (used != report.tokens.end()) {
    report.account = used->account;
    report.role = used->role;
  }
}

}  // namespace hfauth::diagnose
