// SPDX-License-Identifier: Apache-2.0
//
// HEAD and GET of files (huggingface_hub 1.29 file_download.py); the rule for redirects is
// file_get.hpp's.
#include "cache_layout.hpp"
#include "file_get.hpp"
#include "hfauth/hub/hub_client.hpp"
#include "http_request_check.hpp"
#include "server_answer.hpp"
#include "url.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hfauth::hub {
namespace {

std::optional<std::uint64_t> read_size(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  std::uint64_t size = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), size);
  return parsed.ec == std::errc() && parsed.ptr == text->data() + text->size() ? std::optional(size)
                                                                               : std::nullopt;
}

std::string read_commit(const HttpResponse& response) {
  const auto commit = response.header("x-repo-commit");
  return commit && is_commit(*commit) ? std::string(*commit) : std::string();
}

}  // namespace

std::string HubClient::file_url(const Repo& repo, const std::string& revision,
                                const std::string& file) const {
  return fmt::format("{}/{}{}/resolve/{}/{}", endpoint_.url(), repo.url_prefix(), repo.id(),
                     percent_encode(revision, false), percent_encode(file, true));
}

Result<FileInfo> HubClient::file_info(const Repo& repo, const std::string& revision,
                                      const std::string& file, const Secret* token) {
  return file_reply(repo, revision, file, token, Effort::patient).info;
}

FileReply HubClient::file_reply(const Repo& repo, const std::string& revision,
                                const std::string& file, const Secret* token, Effort effort) {
  const Result<std::string> path = check_repo_path(file);
  if (!path) return {path.error(), {}, {}};
  return follow_head(repo, file, file_url(repo, revision, *path), token, effort);
}

FileReply HubClient::follow_head(const Repo& repo, const std::string& file, std::string url,
                                 const Secret* token, Effort effort) {
  FileReply reply{FileInfo{}, {}, {}};
  for (int hops = 0; hops <= kMostRedirects; ++hops) {
    HttpRequest head = request("HEAD", url);
    head.headers.push_back(
        {"Accept-Encoding", "identity"});  // else the length is that of the compressed form
    head.bearer = token;
    const Result<HttpResponse> response = ask(head, effort);
    if (!response) {
      reply.info = response.error();
      return reply;
    }
    reply.answer = read_answer(*response, token);
    reply.commit = read_commit(*response);
    const bool redirects = is_redirect(response->status);
    if (!redirects && response->status != 200) {
      reply.info = error_from(
          *response, reply.answer,
          {.what = fmt::format("{} of {}", file, repo.id()), .with_token = token != nullptr});
      return reply;
    }
    std::string location = url;
    if (redirects) {
      Result<std::string> target = redirect_target(*response, url);
      if (!target) {
        reply.info = target.error();
        return reply;
      }
      location = *std::move(target);
      // A redirect without the etag of the content is a renamed repository: the answer is behind
      // it.
      if (endpoint_.is_origin_of(location) && !response->header("x-linked-etag")) {
        url = std::move(location);
        continue;
      }
    }
    FileInfo info;
    info.commit = reply.commit;
    const auto linked = response->header("x-linked-etag");
    info.etag = clean_etag(linked ? *linked : response->header("etag").value_or(""));
    info.size = read_size(response->header("x-linked-size"));
    if (!info.size && !redirects) info.size = read_size(response->header("content-length"));
    info.location_takes_token = endpoint_.is_origin_of(location);
    info.location = std::move(location);
    info.in_xet = response->header("x-xet-hash").has_value();
    info.warning = reply.answer.warning;
    if (info.commit.empty()) {
      reply.info =
          nonsense(url, "without X-Repo-Commit: this is not the Hub, or a proxy removes it");
    } else if (info.etag.empty()) {
      reply.info =
          nonsense(url, "without a usable ETag: this is not the Hub, or a proxy changes it");
    } else {
      reply.info = std::move(info);
    }
    return reply;
  }
  reply.info = nonsense(url, fmt::format("with more than {} redirects", kMostRedirects));
  return reply;
}

Result<void> HubClient::download(const FileInfo& info, const Secret* token, const BodySink& sink) {
  WantedBytes wanted;
  wanted.size = info.size;
  FileGet get(endpoint_, user_agent_, info.location, info.location_takes_token ? token : nullptr,
              std::move(wanted), sink);
  Attempts attempts(pacing_);
  while (true) {
    const FileGet::State state = get.take(http_.send(get.next()));
    if (state == FileGet::State::done) return {};
    if (state == FileGet::State::failed) return get.error();
    if (!get.is_passing()) continue;  // a redirect
    if (get.has_moved()) attempts = Attempts(pacing_);
    if (!attempts.again(get.told())) return get.error();
  }
}

}  // namespace hfauth::hub
