// SPDX-License-Identifier: Apache-2.0
//
// HEAD and GET of files, with our own rule for redirects (facts/hub-auth.md §2.8;
// huggingface_hub 1.29 file_download.py): within the endpoint's origin they are followed with the
// token; the first one that leaves it is where the content lies, and neither it nor anything behind
// it gets the token; https never becomes http.
#include "hfauth/hub/hub_client.hpp"
#include "http_request_check.hpp"
#include "server_answer.hpp"
#include "url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hfauth::hub {
namespace {

constexpr int kMostRedirects = 5;
constexpr std::size_t kLongestEtag = 128;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Error nonsense(std::string_view url, std::string_view what) {
  return Error{Errc::network, fmt::format("{} answers {}", host_of(url), what)};
}

/// Strips W/ and the quotes. It becomes a file's name, so nothing that could be a path is taken.
std::string clean_etag(std::string_view etag) {
  while (etag.starts_with("W/"))
    etag.remove_prefix(2);
  while (etag.starts_with('"'))
    etag.remove_prefix(1);
  while (etag.ends_with('"'))
    etag.remove_suffix(1);
  const auto is_safe = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  };
  const bool good = !etag.empty() && etag.size() <= kLongestEtag && !etag.starts_with('.') &&
                    std::all_of(etag.begin(), etag.end(), is_safe);
  return good ? std::string(etag) : std::string();
}

std::optional<std::uint64_t> read_size(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  std::uint64_t size = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), size);
  return parsed.ec == std::errc() && parsed.ptr == text->data() + text->size() ? std::optional(size)
                                                                               : std::nullopt;
}

std::string read_commit(const HttpResponse& response) {
  const auto commit = response.header("x-repo-commit");
  return commit && commit->size() == 40 && is_hex(*commit) ? std::string(*commit) : std::string();
}

/// Where a redirect leads. Errors: network.
Result<std::string> redirect_target(const HttpResponse& response, const std::string& url) {
  const auto location = response.header("location");
  std::optional<std::string> target = location ? resolve_reference(url, *location) : std::nullopt;
  if (!target) return nonsense(url, "with a redirect that leads nowhere");
  if (is_downgrade(url, *target)) {
    return nonsense(url, fmt::format("with a redirect from https to plain http ({}): refused",
                                     host_of(*target)));
  }
  return *std::move(target);
}

/// One file on its way into the sink, over several exchanges if need be.
struct Delivery {
  const BodySink& sink;
  std::optional<std::uint64_t> size;
  std::uint64_t done = 0;  ///< bytes that the sink has
  std::uint64_t skip = 0;  ///< bytes to come in this exchange that the sink has already

  void prepare(HttpRequest& get) {
    get.headers.push_back({"Accept-Encoding", "identity"});
    get.deadline = std::chrono::milliseconds(0);
    if (done > 0) get.headers.push_back({"Range", fmt::format("bytes={}-", done)});
    get.on_head = [this](int status, const std::vector<HttpHeader>& headers) {
      return begin(status, headers);
    };
    get.sink = [this](std::string_view piece) { return take(piece); };
  }

  /// 206 goes on where the sink ends; 200 begins again, and what the sink has is thrown away.
  Result<void> begin(int status, const std::vector<HttpHeader>& headers) {
    skip = status == 206 ? 0 : done;
    if (status != 206) return {};
    const std::string expected = fmt::format("bytes {}-", done);
    const bool fits = std::any_of(headers.begin(), headers.end(), [&](const HttpHeader& header) {
      return header.name.size() == 13 && header.value.starts_with(expected);  // Content-Range
    });
    if (!fits)
      return Error{Errc::corrupt, "the server sends another part of the file than was asked for"};
    return {};
  }

  Result<void> take(std::string_view piece) {
    const auto repeated = static_cast<std::size_t>(std::min<std::uint64_t>(skip, piece.size()));
    skip -= repeated;
    piece.remove_prefix(repeated);
    if (piece.empty()) return {};
    if (size && done + piece.size() > *size) {
      return Error{Errc::corrupt,
                   fmt::format("the file is longer than the {} bytes that were announced", *size)};
    }
    if (Result<void> taken = sink(piece); !taken) return taken;
    done += piece.size();
    return {};
  }

  [[nodiscard]] Result<void> outcome(const Result<HttpResponse>& response, const std::string& url,
                                     const Secret* bearer) const {
    if (!response) return response.error();
    if (response->status != 200 && response->status != 206) {
      return error_from(*response, read_answer(*response, bearer),
                        {.what = without_query(url), .with_token = bearer != nullptr});
    }
    if (size && done < *size) {
      return nonsense(url,
                      fmt::format("with {} of {} bytes: the transfer ended early", done, *size));
    }
    return {};
  }
};

/// After a broken transfer: not what the sink or the content brought up.
bool is_worth_repeating(const Result<HttpResponse>& response, const Result<void>& outcome) {
  if (response && response->status < 300) return outcome.error().code == Errc::network;
  return is_passing_failure(response);
}

}  // namespace

Result<FileInfo> HubClient::file_info(const Repo& repo, const std::string& revision,
                                      const std::string& file, const Secret* token) {
  return file_reply(repo, revision, file, token, Effort::patient).info;
}

FileReply HubClient::file_reply(const Repo& repo, const std::string& revision,
                                const std::string& file, const Secret* token, Effort effort) {
  const Result<std::string> path = check_repo_path(file);
  if (!path) return {path.error(), {}, {}};
  std::string url =
      fmt::format("{}/{}{}/resolve/{}/{}", endpoint_.url(), repo.url_prefix(), repo.id(),
                  percent_encode(revision, false), percent_encode(*path, true));
  return follow_head(repo, file, std::move(url), token, effort);
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
  Delivery delivery{.sink = sink, .size = info.size};
  Attempts attempts(pacing_);
  std::string url = info.location;
  const Secret* bearer = info.location_takes_token && endpoint_.is_origin_of(url) ? token : nullptr;
  int hops = 0;
  while (true) {
    const std::uint64_t before = delivery.done;
    HttpRequest get = request("GET", url);
    get.bearer = bearer;
    delivery.prepare(get);
    const Result<HttpResponse> response = http_.send(get);
    if (response && is_redirect(response->status)) {
      if (++hops > kMostRedirects)
        return nonsense(url, fmt::format("with more than {} redirects", kMostRedirects));
      Result<std::string> target = redirect_target(*response, url);
      if (!target) return target.error();
      if (!endpoint_.is_origin_of(*target)) bearer = nullptr;  // and nothing behind gets it back
      url = *std::move(target);
      continue;
    }
    Result<void> outcome = delivery.outcome(response, url, bearer);
    if (outcome || !is_worth_repeating(response, outcome)) return outcome;
    if (delivery.done > before) attempts = Attempts(pacing_);
    if (!attempts.again(response ? retry_after(*response) : std::nullopt)) return outcome;
  }
}

}  // namespace hfauth::hub
