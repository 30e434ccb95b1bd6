// SPDX-License-Identifier: Apache-2.0
//
// What the Hub says: one anonymous control request, then whoami once for each distinct token, three
// at most. Without an answer to the control nothing is asked, because nothing could be said about a
// token. A token goes to the official Hub, to this machine itself, or to an endpoint that the agent
// keeps a token for; to no other.
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/core/translate.hpp"
#include "hfauth/diagnose/client_answer.hpp"
#include "hfauth/hub/verdict_cache.hpp"
#include "http_words.hpp"
#include "probes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace hfauth::diagnose {
namespace {

// Of the places that only --try-all asks about.
void add_the_rest(const Facts& facts, const std::function<void(const std::string&)>& add) {
  for (const AgentProfile* profile : profiles_here(facts))
    add(profile->stand_in);
  for (const NetrcEntry& entry : facts.netrc)
    add(entry.token.stand_in);
  for (const NetrcEntry& entry : facts.git.stored)
    add(entry.token.stand_in);
  for (const GitRemote& remote : facts.git.remotes)
    add(remote.token.stand_in);
}

}  // namespace

// What Python sends comes first, then the agent's, what is hidden behind it, and what a value would
// be without what surrounds it.
std::vector<std::string> tokens_worth_asking(const Facts& facts) {
  std::vector<std::string> wanted;
  const auto add = [&wanted](const std::string& sent) {
    if (!sent.empty() && std::find(wanted.begin(), wanted.end(), sent) == wanted.end()) {
      wanted.push_back(sent);
    }
  };
  const PythonAnswer python = ask_client(facts);
  if (const TokenValue* value = value_at(facts, python.where);
      value == nullptr || value->sendable) {
    add(python.sent);
  }
  if (const TokenValue* value = value_at(facts, python.where)) {
    add(value->repaired);
  }
  for (const ScriptFacts& script : facts.scripts) {
    for (const ScriptPlace& place : script.places)
      add(place.token.stand_in);
  }
  if (const AgentProfile* profile = default_profile(facts)) {
    add(profile->stand_in);
  }
  for (const TokenValue& value : facts.values) {
    add(value.sendable ? value.sent : value.repaired);
  }
  if (facts.all_tried) {
    add_the_rest(facts, add);
  }
  if (uses_requests(facts.client.version)) {
    for (const NetrcEntry& entry : facts.netrc) {
      add(entry.token.stand_in);
    }
  }
  for (const StoredLoginFacts& login : facts.stored.logins) {
    add(login.token.stand_in);
  }
  return wanted;
}

namespace {

bool may_receive_tokens(const Facts& facts, const token::Endpoint& endpoint) {
  const bool known =
      std::any_of(facts.agent.profiles.begin(), facts.agent.profiles.end(),
                  [&](const AgentProfile& profile) { return profile.endpoint == endpoint.url(); });
  return endpoint.is_official() || endpoint.is_loopback() || known;
}

// A token of the agent's, found in a lease or anywhere else, is for its own endpoint alone.
bool belongs_elsewhere(const Facts& facts, const token::Endpoint& endpoint,
                       const std::string& sent) {
  bool of_agent =
      std::any_of(facts.values.begin(), facts.values.end(), [&](const TokenValue& value) {
        return value.source == ValueSource::file &&
               (value.sent == sent || value.repaired == sent) &&
               is_lease_path(value.where, facts.agent.runtime);
      });
  for (const AgentProfile& profile : facts.agent.profiles) {
    if (profile.stand_in == sent && profile.endpoint == endpoint.url()) {
      return false;
    }
    of_agent = of_agent || profile.stand_in == sent;
  }
  return of_agent;
}

TokenVerdict read_verdict(const std::string& sent, const hub::Whoami& whoami) {
  TokenVerdict verdict;
  verdict.sent = sent;
  verdict.verdict = whoami.verdict;
  verdict.user = whoami.user;
  verdict.role = whoami.role;
  verdict.display_name = whoami.display_name;
  verdict.expires = whoami.expires ? format_utc(*whoami.expires) : "";
  verdict.status = whoami.answer.status;
  verdict.message = redact(whoami.answer.message);
  verdict.request_id = whoami.answer.request_id;
  verdict.failure = whoami.failure ? redact(whoami.failure->detail) : "";
  verdict.can_read_gated = whoami.can_read_gated;
  verdict.email_unverified = whoami.email_unverified;
  verdict.cannot_pay = whoami.cannot_pay;
  verdict.scopes = whoami.scopes;
  verdict.orgs = whoami.orgs;
  return verdict;
}

// How long each step took; a connection that was there already has none but the last.
std::vector<NetworkStep> steps_of(const hub::HttpTimings& timings) {
  std::vector<NetworkStep> steps;
  std::chrono::microseconds before{0};
  for (const auto& [name, end] :
       {std::pair{"dns", timings.name_lookup}, std::pair{"connect", timings.connected},
        std::pair{"tls", timings.tls_done}, std::pair{"http", timings.total}}) {
    if (end.count() == 0) {
      continue;
    }
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(end - before);
    steps.push_back({name, std::max<std::int64_t>(took.count(), 0), ""});
    before = end;
  }
  return steps;
}

void note_failure(HubFacts& hub, const Error& error, std::chrono::milliseconds took) {
  hub.control_failure = redact(error.detail);
  const std::string step = failed_step(error.detail);
  hub.steps.push_back({step.empty() ? "http" : step, took.count(), hub.control_failure});
}

// The control request; false if the Hub did not answer.
bool ask_control(const ProbeInput& input, Facts& facts) {
  HubFacts& hub = facts.hub;
  hub.asked = true;
  const MonotonicTime begun = input.clock.monotonic();
  const Result<ControlAnswer> control = input.hub.ping();
  if (!control) {
    note_failure(
        hub, control.error(),
        std::chrono::duration_cast<std::chrono::milliseconds>(input.clock.monotonic() - begun));
    return false;
  }
  hub.steps = steps_of(control->timings);
  hub.control_status = control->status;
  if (const auto there = read_http_date(control->date)) {
    hub.clock_known = true;
    hub.clock_ahead =
        std::chrono::duration_cast<std::chrono::seconds>(input.clock.now() - *there).count();
  }
  hub.control_retry_after = control->retry_after;
  if (!control->is_hub) {
    hub.control_not_hub = true;
    hub.control_failure = fmt::format(
        fmt::runtime(
            tr("{0} answers with status {1} and a web page instead of the Hub's answer{2}")),
        hub.endpoint, control->status,
        control->page_title.empty() ? "" : ": \"" + redact(control->page_title) + "\"");
    return false;
  }
  // A server in trouble says nothing of a token: it is not asked about one.
  if (control->status >= 500) {
    hub.control_failure = fmt::format(
        fmt::runtime(tr("it answers with status {}: trouble of its own")), control->status);
    return false;
  }
  hub.reached = true;
  return true;
}

// hfauth reads every CA variable; the client reads those of its HTTP library alone (facts/doctor.md
// F12). Where the two differ, the client's way is tried too.
void ask_as_the_client(const ProbeInput& input, Facts& facts) {
  static constexpr std::array kRequests{"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"};
  static constexpr std::array kHttpx{"SSL_CERT_FILE", "SSL_CERT_DIR"};
  const bool requests = uses_requests(facts.client.version);
  Environment seen = input.environment;
  for (const char* name : requests ? kHttpx : kRequests) {
    if (const auto file = seen.non_empty(name)) {
      facts.hub.client_authority = *file;
      facts.hub.client_authority_set_by = name;
      seen.unset(name);
    }
  }
  if (facts.hub.client_authority.empty() || !input.hub.ping_with ||
      !facts.hub.endpoint.starts_with("https:")) {
    return;
  }
  const Result<ControlAnswer> answer = input.hub.ping_with(seen);
  facts.hub.steps.push_back({"client", 0, answer ? "" : redact(answer.error().detail)});
  if (!answer) {
    facts.hub.client_failure = redact(answer.error().detail);
    facts.hub.client_failure_step = failed_step(answer.error().detail);
  }
}

// Of a certificate that is not believed: who issued it, which says whether somebody re-signs.
void add_issuer(const ProbeInput& input, HubFacts& hub) {
  const bool failed = failed_step(hub.control_failure) == "tls" || hub.client_failure_step == "tls";
  if (failed && input.hub.issuer) {
    hub.issuer = redact(input.hub.issuer());
  }
}

// What hfauth keeps of the verdicts of the last minutes, under the same fingerprints.
void add_remembered(const ProbeInput& input, HubFacts& hub) {
  constexpr std::size_t kPrefix = 3;  // "hf_" of a stand-in
  const hub::VerdictCache cache(input.paths.state / "verdicts");
  for (const TokenVerdict& verdict : hub.verdicts) {
    if (const auto known = cache.find(verdict.sent.substr(kPrefix))) {
      hub.remembered.push_back({verdict.sent, known->verdict, format_utc(known->asked),
                                known->is_fresh(input.clock.now())});
    }
  }
}

void fetch_agent_token(const ProbeInput& input, const Facts& facts, const token::Endpoint& endpoint,
                       Secrets& secrets) {
  const AgentProfile* profile = default_profile(facts);
  if (profile == nullptr || !input.agent.default_token || profile->endpoint != endpoint.url() ||
      secrets.count(profile->stand_in) != 0) {
    return;
  }
  if (Result<Secret> secret = input.agent.default_token(endpoint)) {
    secrets.emplace(profile->stand_in, std::move(*secret));
  }
}

// --try-all: each profile's token, and only those of this endpoint.
void fetch_all_tokens(const ProbeInput& input, const Facts& facts, const token::Endpoint& endpoint,
                      Secrets& secrets) {
  for (const AgentProfile& profile : facts.agent.profiles) {
    if (profile.endpoint != endpoint.url() || !input.agent.token_of ||
        secrets.count(profile.stand_in) != 0) {
      continue;
    }
    if (Result<Secret> secret = input.agent.token_of(profile.name, endpoint)) {
      secrets.emplace(profile.stand_in, std::move(*secret));
    }
  }
}

}  // namespace

bool has_time_left(const ProbeInput& input, Facts& facts) {
  constexpr std::chrono::seconds kLongestQuestion{10};
  if (input.clock.monotonic() - input.begun + kLongestQuestion <= input.whole_deadline) {
    return true;
  }
  const bool told = std::any_of(facts.incomplete.begin(), facts.incomplete.end(),
                                [](const Incomplete& one) { return one.id == "HFA301"; });
  if (!told) {
    facts.incomplete.push_back(
        {"HFA301", tr("the Hub answers too slowly for all questions"), "hfauth whoami"});
  }
  return false;
}

void probe_hub(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  HubFacts& hub = facts.hub;
  const Result<token::Endpoint> endpoint = token::Endpoint::from(input.environment);
  if (!endpoint) {
    hub.endpoint_problem = redact(endpoint.error().detail);
    hub.not_asked = hub.endpoint_problem;
    return;
  }
  hub.endpoint = endpoint->url();
  for (const char* name : {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}) {
    if (input.environment.is_true(name)) {
      hub.not_asked = name;  // the client makes no request, and neither do we
      return;
    }
  }
  if (input.offline || !input.hub.ping) {
    hub.not_asked = "offline";
    return;
  }
  if (input.environment.get("HF_ENDPOINT") == "" &&
      !input.environment.is_true("HUGGINGFACE_CO_STAGING")) {
    hub.not_asked = "HF_ENDPOINT";  // the client asks nobody: whoever answers us says nothing of it
    hub.endpoint_problem = tr("it is set to nothing");
    return;
  }
  const bool is_there = ask_control(input, facts);
  if (is_there) {
    ask_as_the_client(input, facts);
  }
  add_issuer(input, hub);
  if (!is_there) {
    return;
  }
  if (!may_receive_tokens(facts, *endpoint)) {
    if (tokens_worth_asking(facts).empty()) {
      return;
    }
    facts.incomplete.push_back(
        {"HFA301",
         fmt::format(
             fmt::runtime(tr("HF_ENDPOINT names {}, to which no token is sent by the doctor")),
             hub.endpoint),
         "unset HF_ENDPOINT && hfauth doctor"});
    return;
  }
  fetch_agent_token(input, facts, *endpoint, secrets);
  if (input.try_all) {
    fetch_all_tokens(input, facts, *endpoint, secrets);
  }
  const std::size_t most = input.try_all ? kMaxTokensTried : kMaxTokensAsked;
  std::size_t asked = 0;
  for (const std::string& sent : tokens_worth_asking(facts)) {
    const auto secret = secrets.find(sent);
    if (secret == secrets.end()) {
      continue;
    }
    if (belongs_elsewhere(facts, *endpoint, sent)) {
      facts.incomplete.push_back(
          {"HFA301",
           fmt::format(
               fmt::runtime(tr(
                   "the agent keeps this token for another Hub than {}, so it was not sent there")),
               hub.endpoint),
           "unset HF_ENDPOINT && hfauth doctor"});
      continue;
    }
    if (asked++ == most) {
      break;
    }
    if (!has_time_left(input, facts)) {
      break;
    }
    hub.verdicts.push_back(read_verdict(sent, input.hub.whoami(secret->second)));
  }
  add_remembered(input, hub);
}

}  // namespace hfauth::diagnose
