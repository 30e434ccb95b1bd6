// SPDX-License-Identifier: Apache-2.0
//
// What the Hub says: one anonymous control request, then whoami once for each distinct token, three
// at most. Without an answer to the control nothing is asked, because nothing could be said about a
// token. A token goes to the official Hub, to this machine itself, or to an endpoint that the agent
// keeps a token for; to no other.
#include "hfauth/core/lease_path.hpp"
#include "hfauth/core/mask.hpp"
#include "hfauth/diagnose/python_answer.hpp"
#include "probes.hpp"

#include <algorithm>
#include <memory>

namespace hfauth::diagnose {
namespace {

// The tokens worth asking about, the most telling first: what Python sends, the agent's, what is
// hidden behind it, and what a value would be without what surrounds it.
std::vector<std::string> candidates(const Facts& facts) {
  std::vector<std::string> wanted;
  const auto add = [&wanted](const std::string& sent) {
    if (!sent.empty() && std::find(wanted.begin(), wanted.end(), sent) == wanted.end()) {
      wanted.push_back(sent);
    }
  };
  const PythonAnswer python = ask_python(facts);
  if (const TokenValue* value = value_at(facts, python.where);
      value == nullptr || value->sendable) {
    add(python.sent);
  }
  if (const TokenValue* value = value_at(facts, python.where)) {
    add(value->repaired);
  }
  if (const AgentProfile* profile = default_profile(facts)) {
    add(profile->stand_in);
  }
  for (const TokenValue& value : facts.values) {
    add(value.sendable ? value.sent : value.repaired);
  }
  return wanted;
}

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
  return verdict;
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

}  // namespace

void probe_hub(const ProbeInput& input, Facts& facts, Secrets& secrets) {
  HubFacts& hub = facts.hub;
  const Result<token::Endpoint> endpoint = token::Endpoint::from(input.environment);
  if (!endpoint) {
    hub.endpoint_problem = redact(endpoint.error().detail);
    hub.not_asked = hub.endpoint_problem;
    return;
  }
  hub.endpoint = endpoint->url();
  if (input.offline || !input.hub.ping) {
    hub.not_asked = "offline";
    return;
  }
  hub.asked = true;
  const Result<hub::ServerAnswer> control = input.hub.ping();
  if (!control) {
    hub.control_failure = redact(control.error().detail);
    return;
  }
  hub.reached = true;
  hub.control_status = control->status;
  if (!may_receive_tokens(facts, *endpoint)) {
    if (candidates(facts).empty()) {
      return;
    }
    facts.incomplete.push_back(
        {"HFA301",
         "HF_ENDPOINT names " + hub.endpoint + ", to which no token is sent by the doctor",
         "unset HF_ENDPOINT && hfauth doctor"});
    return;
  }
  fetch_agent_token(input, facts, *endpoint, secrets);
  std::size_t asked = 0;
  for (const std::string& sent : candidates(facts)) {
    const auto secret = secrets.find(sent);
    if (secret == secrets.end()) {
      continue;
    }
    if (belongs_elsewhere(facts, *endpoint, sent)) {
      facts.incomplete.push_back({"HFA301",
                                  "the agent keeps this token for another Hub than " +
                                      hub.endpoint + ", so it was not sent there",
                                  "unset HF_ENDPOINT && hfauth doctor"});
      continue;
    }
    if (asked++ == kMaxTokensAsked) {
      break;
    }
    hub.verdicts.push_back(read_verdict(sent, input.hub.whoami(secret->second)));
  }
}

HubAccess hub_access(const Environment& environment, std::string user_agent) {
  struct Session {
    std::unique_ptr<hub::HttpClient> http;
    std::unique_ptr<hub::HubClient> client;
  };

  const auto session = std::make_shared<Session>();
  const auto open = [session, &environment,
                     agent = std::move(user_agent)]() -> Result<hub::HubClient*> {
    if (!session->client) {
      Result<token::Endpoint> endpoint = token::Endpoint::from(environment);
      if (!endpoint) {
        return endpoint.error();
      }
      Result<std::unique_ptr<hub::HttpClient>> http = hub::load_http_client(environment);
      if (!http) {
        return http.error();
      }
      session->http = std::move(*http);
      session->client =
          std::make_unique<hub::HubClient>(*session->http, std::move(*endpoint), agent);
    }
    return session->client.get();
  };
  HubAccess access;
  access.ping = [open]() -> Result<hub::ServerAnswer> {
    const Result<hub::HubClient*> client = open();
    return client ? (*client)->ping() : Result<hub::ServerAnswer>(client.error());
  };
  access.whoami = [open](const Secret& token) -> hub::Whoami {
    const Result<hub::HubClient*> client = open();
    if (client) {
      return (*client)->whoami(token);
    }
    hub::Whoami unknown;
    unknown.failure = client.error();
    return unknown;
  };
  return access;
}

}  // namespace hfauth::diagnose
