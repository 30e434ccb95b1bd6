// SPDX-License-Identifier: Apache-2.0
//
// The doctor's questions to the real Hub: the network module is loaded with the first one.
#include "hfauth/core/mask.hpp"
#include "hfauth/diagnose/probe.hpp"
#include "http_words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
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
  session->client = std::make_unique<hub::HubClient>(*session->http, std::move(*endpoint),
                                                     user_agent, hub::Pacing::once());
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
  answer.timings = response->timings;
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

// "cdn-lfs.hf.co:443" of an address.
std::string host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::string_view rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  return std::string(rest.substr(0, rest.find_first_of("/?#")));
}

bool is_large_by_name(std::string_view file) {
  static constexpr std::array<std::string_view, 7> kEnds{".safetensors", ".bin", ".gguf", ".onnx",
                                                         ".parquet",     ".pt",  ".h5"};
  return std::any_of(kEnds.begin(), kEnds.end(),
                     [file](std::string_view end) { return file.ends_with(end); });
}

// Its first byte, without a token: the address is signed, and another host's.
Result<hub::HttpResponse> first_byte(hub::HttpClient& http, const hub::HubClient& client,
                                     const std::string& url) {
  hub::HttpRequest request;
  request.url = url;
  request.headers = {{"User-Agent", client.user_agent()}, {"Range", "bytes=0-0"}};
  return http.send(request);
}

// Three times: a passing failure is not a wall. A server that refuses what it does not know is
// there all the same.
FileHostFacts look_at_host(Session& session, const std::string& url, const std::string& file,
                           bool any_answer) {
  constexpr int kTries = 3;
  FileHostFacts facts;
  facts.host = redact(host_of(url));
  facts.file = redact(file);
  for (int tried = 0; tried < kTries; ++tried) {
    const Result<hub::HttpResponse> answer = first_byte(*session.http, *session.client, url);
    facts.status = answer ? answer->status : 0;
    facts.failure = !answer ? redact(answer.error().detail)
                    : answer->status >= 400 && !any_answer
                        ? "status " + std::to_string(answer->status)
                        : "";
    facts.step = answer ? "http" : failed_step(answer.error().detail);
    if (facts.failure.empty()) {
      break;
    }
  }
  return facts;
}

FileHosts look_at_file_hosts(Session& session, const hub::Repo& repo, const Secret* token) {
  // Where Xet's clients are sent by the Hub itself (facts/hub-auth.md §2); another Hub's server is
  // told with a token of its own alone, which is not asked for.
  static constexpr const char* kXet = "https://cas-server.xethub.hf.co/";
  FileHosts hosts;
  const Result<hub::RepoInfo> info = session.client->repo_info(repo, "main", token);
  if (!info) {
    return hosts;
  }
  const auto file = std::find_if(info->files.begin(), info->files.end(), is_large_by_name);
  if (file == info->files.end()) {
    return hosts;
  }
  const Result<hub::FileInfo> place = session.client->file_info(repo, "main", *file, token);
  if (!place || place->location_takes_token) {
    return hosts;
  }
  hosts.plain = look_at_host(session, place->location, *file, false);
  if (place->in_xet && session.client->endpoint().is_official()) {
    hosts.xet = look_at_host(session, kXet, *file, true);
  }
  return hosts;
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
  access.issuer = [open, kept]() -> std::string {
    const Result<hub::HubClient*> client = open();
    const Result<std::string> name =
        client ? (*kept)->http->issuer((*client)->endpoint().url()) : Result<std::string>("");
    return name ? *name : "";
  };
  access.file_hosts = [open, kept](const hub::Repo& repo, const Secret* token) -> FileHosts {
    return open() ? look_at_file_hosts(**kept, repo, token) : FileHosts();
  };
  access.siblings = [open](const hub::Repo& repo) -> std::vector<std::string> {
    const Result<hub::HubClient*> client = open();
    return client ? ids_of_owner(**client, repo) : std::vector<std::string>();
  };
  return access;
}

}  // namespace hfauth::diagnose
