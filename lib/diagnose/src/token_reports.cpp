// SPDX-License-Identifier: Apache-2.0
//
// Tokens are one by fingerprint, however many places hold them.
#include "token_reports.hpp"

#include "checks/check.hpp"

#include <algorithm>

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
  return python.has_token() ? ref_at(report, facts, python.where) : "";
}

ClientReport client_of(const Report& report, const Facts& facts, const PythonAnswer& python,
                       std::string version) {
  ClientReport client{"huggingface_hub", std::move(version), ref_of(report, facts, python), {}, {}};
  for (const token::ResolutionStep& step : python.steps) {
    client.order.push_back(shown(facts, step.where) + ": " + step.reason);
    client.steps.push_back({shown(facts, step.where), translated_reason(step.reason), step.outcome,
                            ref_at(report, facts, step.where)});
  }
  return client;
}

}  // namespace

void add_tokens_and_clients(const Facts& facts, Report& report) {
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
  const PythonAnswer python = ask_python(facts);
  const token::ClientVersion newest;
  const std::string version =
      facts.client.version.empty() ? newest.str() + " (assumed)" : facts.client.version;
  report.clients.push_back(client_of(report, facts, python, version));
  if (facts.runtime.colab && facts.client.version.empty()) {
    const token::ClientVersion before{1, 18, 0};  // the vault first: the order changed in 1.19
    report.clients.push_back(client_of(report, facts, ask_python(facts, before),
                                       before.str() + " (if older than 1.19)"));
  }
  report.token_ref = report.clients.front().uses;
  if (const AgentProfile* profile = default_profile(facts);
      report.token_ref.empty() && profile != nullptr) {
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
