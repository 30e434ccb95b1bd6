// SPDX-License-Identifier: Apache-2.0
//
// The doctor's questions to the real Hub: the network module is loaded with the first one.
#include "hfauth/core/mask.hpp"
#include "hfauth/diagnose/probe.hpp"
#include "http_words.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <memory>

namespace hfauth::diagnose {
namespace {

constexpr std::string_view kControlPath = "/api/models?limit=1";

struct Session {
  std::unique_ptr<hub::HttpClient> http;
  std::unique_ptr<hub::HubClient> client;
};

Result<std::shared_ptr<Session>> open_session(const Environment& environment,
                                              const std::string& user_agent) {
  Result<token::Endpoint> endpoint = token::Endpoint::from(environment);
  if (!endpoint) {
    return endpoint.error();
  }
  Result<std::unique_ptr<hub::HttpClient>> http = hub::load_http_client(environment);
  if (!http) {
    return http.error();
  }
  auto session = std::make_shared<Session>();
  session->http = std::move(*http);
  session->client =
      std::make_unique<hub::HubClient>(*session->http, std::move(*endpoint), user_agent);
  return session;
}

int seconds_in(std::string_view text) {
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

// Retry-After, else "t=" of RateLimit: "api";r=0;t=55, if nothing is left.
int seconds_to_wait(const hub::HttpResponse& response) {
  if (response.status != 429) {
    return 0;
  }
  if (const auto after = response.header("retry-after")) {
    return seconds_in(*after);
  }
  const std::string_view limit = response.header("ratelimit").value_or("");
  const std::size_t at = limit.find("t=");
  return at == std::string_view::npos ? 0 : seconds_in(limit.substr(at + 2));
}

Result<ControlAnswer> ask_control(hub::HubClient& client) {
  std::string url = client.endpoint().url() + std::string(kControlPath);
  const Result<hub::HttpResponse> response = client.ask_here(url, nullptr);
  if (!response) {
    return response.error();
  }
  ControlAnswer answer;
  answer.status = response->status;
  const std::string_view type = response->header("content-type").value_or("");
  // The Hub's own refusals may be plain text, and carry its mark.
  answer.is_hub =
      type.find("json") != std::string_view::npos ||
      (type.find("html") == std::string_view::npos && response->header("x-request-id").has_value());
  answer.page_title = answer.is_hub ? "" : redact(page_title(response->body));
  answer.date = response->header("date").value_or("");
  answer.retry_after = seconds_to_wait(*response);
  return answer;
}

std::vector<std::string> ids_of_owner(hub::HubClient& client, const hub::Repo& repo) {
  const std::string owner = repo.id().substr(0, repo.id().find('/'));
  std::string url =
      client.endpoint().url() + "/api/" + repo.api_prefix() + "?limit=100&author=" + owner;
  const Result<hub::HttpResponse> response = client.ask_here(url, nullptr);
  std::vector<std::string> ids;
  if (!response || response->status != 200) {
    return ids;  // only a suggestion would come of it
  }
  const nlohmann::json list = nlohmann::json::parse(response->body, nullptr, false);
  if (!list.is_array()) {
    return ids;
  }
  for (const nlohmann::json& entry : list) {
    if (entry.is_object() && entry.contains("id") && entry["id"].is_string() &&
        hub::Repo::parse(entry["id"].get<std::string>())) {
      ids.push_back(entry["id"].get<std::string>());
    }
  }
  return ids;
}

}  // namespace

HubAccess hub_access(const Environment& environment, const std::string& user_agent) {
  const auto kept = std::make_shared<std::shared_ptr<Session>>();
  const auto open = [kept, &environment, user_agent]() -> Result<hub::HubClient*> {
    if (!*kept) {
      Result<std::shared_ptr<Session>> session = open_session(environment, user_agent);
      if (!session) {
        return session.error();
      }
      *kept = std::move(*session);
    }
    return (*kept)->client.get();
  };
  HubAccess access;
  access.ping = [open]() -> Result<ControlAnswer> {
    const Result<hub::HubClient*> client = open();
    return client ? ask_control(**client) : Result<ControlAnswer>(client.error());
  };
  access.ping_with = [user_agent](const Environment& seen) -> Result<ControlAnswer> {
    const Result<std::shared_ptr<Session>> session = open_session(seen, user_agent);
    return session ? ask_control(*(*session)->client) : Result<ControlAnswer>(session.error());
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
  access.access = [open](const hub::Repo& repo, bool write,
                         const Secret* token) -> hub::AccessAnswer {
    const Result<hub::HubClient*> client = open();
    if (client) {
      return hub::check_access(**client, repo, write, token);
    }
    hub::AccessAnswer unknown;
    unknown.failure = client.error();
    return unknown;
  };
  access.siblings = [open](const hub::Repo& repo) -> std::vector<std::string> {
    const Result<hub::HubClient*> client = open();
    return client ? ids_of_owner(**client, repo) : std::vector<std::string>();
  };
  return access;
}

}  // namespace hfauth::diagnose
