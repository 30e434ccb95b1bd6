// SPDX-License-Identifier: Apache-2.0
//
// Questions on accounts and repositories. Files are in file_transfer.cpp.
#include "hfauth/hub/hub_client.hpp"

#include "cache_layout.hpp"
#include "file_get.hpp"
#include "hub_json.hpp"
#include "server_answer.hpp"
#include "url.hpp"

#include <fmt/format.h>

namespace hfauth::hub {
namespace {

bool is_success(const HttpResponse& response) {
  return response.status >= 200 && response.status < 300;
}

/// What a whoami that is no 200 says about the token. Only the Hub's own refusal says something.
void judge_refusal(const HttpResponse& response, Whoami& whoami) {
  if (response.status == 401 && is_hub_refusal(response, whoami.answer)) {
    const bool is_expired = whoami.answer.message.find("is expired") != std::string::npos;
    whoami.verdict = is_expired ? Verdict::expired : Verdict::invalid;
    return;
  }
  whoami.verdict = Verdict::unknown;
  if (response.status == 401) {
    whoami.failure =
        Error{Errc::network, "something other than the Hub answers 401: a login portal or a proxy"};
    return;
  }
  whoami.failure = whoami_failure(response, whoami.answer);
}

}  // namespace

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::valid:
      return "valid";
    case Verdict::invalid:
      return "invalid";
    case Verdict::expired:
      return "expired";
    case Verdict::unknown:
      return "unknown";
  }
  return "unknown";
}

HubClient::HubClient(HttpClient& http, token::Endpoint endpoint, std::string user_agent,
                     Pacing pacing)
    : http_(http),
      endpoint_(std::move(endpoint)),
      user_agent_(std::move(user_agent)),
      pacing_(std::move(pacing)) {}

HttpRequest HubClient::request(std::string_view method, std::string url) const {
  HttpRequest request;
  request.method = method;
  request.url = std::move(url);
  request.headers.push_back({"User-Agent", user_agent_});
  return request;
}

Result<HttpResponse> HubClient::ask(const HttpRequest& request, Effort effort) {
  Attempts attempts(pacing_);
  while (true) {
    Result<HttpResponse> response = http_.send(request);
    if (effort == Effort::once || !is_passing_failure(response)) return response;
    if (!attempts.again(response ? retry_after(*response) : std::nullopt)) return response;
  }
}

Whoami HubClient::whoami(const Secret& token) {
  Whoami whoami;
  HttpRequest question = request("GET", endpoint_.url() + "/api/whoami-v2");
  question.bearer = &token;
  const Result<HttpResponse> response = ask(question, Effort::once);
  if (!response) {
    whoami.failure = response.error();
    return whoami;
  }
  whoami.answer = read_answer(*response, &token);
  if (response->status != 200) {
    judge_refusal(*response, whoami);
    return whoami;
  }
  Whoami read;
  read.answer = whoami.answer;
  if (const Result<void> understood = read_whoami(response->body, token.expose(), read);
      !understood) {
    whoami.failure = understood.error();
    return whoami;
  }
  read.verdict = Verdict::valid;
  return read;
}

Result<RepoInfo> HubClient::repo_info(const Repo& repo, const std::string& revision,
                                      const Secret* token) {
  std::string url = fmt::format("{}/api/{}/{}", endpoint_.url(), repo.api_prefix(), repo.id());
  if (!revision.empty()) url += "/revision/" + percent_encode(revision, false);
  HttpRequest question = request("GET", std::move(url));
  question.bearer = token;
  question.body_limit = std::size_t{32} << 20;  // lists every file: large datasets have 100,000
  const Result<HttpResponse> response = ask(question, Effort::patient);
  if (!response) return response.error();
  if (!is_success(*response)) {
    return error_from(*response, read_answer(*response, token),
                      {.what = repo.id(), .with_token = token != nullptr});
  }
  return read_repo_info(response->body);
}

Result<std::string> HubClient::commit_of(const Repo& repo, const std::string& revision,
                                         const Secret* token) {
  std::string url = fmt::format("{}/api/{}/{}/revision/{}?expand%5B%5D=sha", endpoint_.url(),
                                repo.api_prefix(), repo.id(), percent_encode(revision, false));
  // A Hub that does not know `expand` tells all it has.
  const Result<HttpResponse> response = ask_here(url, token, std::size_t{32} << 20);
  if (!response) return response.error();
  if (!is_success(*response)) {
    return error_from(*response, read_answer(*response, token),
                      {.what = fmt::format("{} at revision {}", repo.id(), revision),
                       .with_token = token != nullptr});
  }
  Result<RepoInfo> info = read_repo_info(response->body);
  if (!info) return info.error();
  if (!is_commit(info->commit)) return nonsense(url, "with a revision that is no commit");
  return std::move(info->commit);
}

Result<HttpResponse> HubClient::ask_here(std::string& url, const Secret* token,
                                         std::size_t body_limit) {
  for (int hops = 0; hops <= kMostRedirects; ++hops) {
    HttpRequest question = request("GET", url);
    question.bearer = token;
    question.body_limit = body_limit;
    Result<HttpResponse> response = ask(question, Effort::patient);
    if (!response || !is_redirect(response->status)) return response;
    Result<std::string> target = redirect_target(*response, url);
    if (!target) return target.error();
    if (!endpoint_.is_origin_of(*target))
      return nonsense(url, "a question to its API with a redirect to another host: refused");
    url = *std::move(target);
  }
  return nonsense(url, fmt::format("with more than {} redirects", kMostRedirects));
}

Result<ServerAnswer> HubClient::ping() {
  const Result<HttpResponse> response =
      ask(request("GET", endpoint_.url() + "/api/models?limit=1"), Effort::once);
  if (!response) return response.error();
  ServerAnswer answer = read_answer(*response, nullptr);
  const auto type = response->header("content-type");
  const bool is_json = type && type->find("json") != std::string_view::npos;
  if (!is_json) {
    return Error{
        Errc::network,
        fmt::format("{} answers with status {} but not as the Hub does (a login portal or a "
                    "proxy?)",
                    endpoint_.url(), response->status)};
  }
  return answer;
}

}  // namespace hfauth::hub
