// SPDX-License-Identifier: Apache-2.0
//
// The state is where the next byte is: a URL, whether the token goes there, and how many bytes the
// sink has. An answer moves one of them or ends it.
#include "file_get.hpp"

#include "http_request_check.hpp"
#include "server_answer.hpp"
#include "url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::hub {
namespace {

constexpr std::size_t kLongestEtag = 128;

std::string_view header_of(const std::vector<HttpHeader>& headers, std::string_view name) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  for (const HttpHeader& header : headers) {
    const bool is_it = std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(),
                                  [&](char a, char b) { return lower(a) == b; });
    if (is_it) return header.value;
  }
  return {};
}

}  // namespace

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

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Error nonsense(std::string_view url, std::string_view what) {
  return Error{Errc::network, fmt::format("{} answers {}", host_of(url), what)};
}

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

FileGet::FileGet(const token::Endpoint& endpoint, std::string user_agent, std::string url,
                 const Secret* token, WantedBytes wanted, BodySink sink)
    : endpoint_(endpoint),
      user_agent_(std::move(user_agent)),
      start_url_(std::move(url)),
      url_(start_url_),
      token_(token),
      bearer_(endpoint_.is_origin_of(url_) ? token : nullptr),
      wanted_(std::move(wanted)),
      sink_(std::move(sink)) {}

void FileGet::begin_at(std::string url) {
  bearer_ = endpoint_.is_origin_of(url) ? token_ : nullptr;
  url_ = std::move(url);
}

HttpRequest FileGet::next() {
  HttpRequest get;
  get.url = url_;
  get.bearer = bearer_;
  get.headers = {{"User-Agent", user_agent_}, {"Accept-Encoding", "identity"}};
  get.deadline = std::chrono::milliseconds(0);
  get.own_connection = wanted_.is_part();
  const std::uint64_t from = is_whole_ ? done_ : wanted_.begin + done_;
  if (from > 0 || wanted_.is_part()) {
    const std::string last =
        wanted_.end && !is_whole_ ? std::to_string(*wanted_.end - 1) : std::string();
    get.headers.push_back({"Range", fmt::format("bytes={}-{}", from, last)});
  }
  get.on_head = [this](int status, const std::vector<HttpHeader>& headers) {
    return begin(status, headers);
  };
  get.sink = [this](std::string_view piece) { return deliver(piece); };
  return get;
}

/// 206 goes on where the sink ends; 200 begins again, and what the sink has is thrown away.
Result<void> FileGet::begin(int status, const std::vector<HttpHeader>& headers) {
  if (Result<void> checked = check_head(headers); !checked) return checked;
  if (status == 206) {
    skip_ = 0;
    const std::uint64_t from = is_whole_ ? done_ : wanted_.begin + done_;
    if (!header_of(headers, "content-range").starts_with(fmt::format("bytes {}-", from)))
      return Error{Errc::corrupt, "the server sends another part of the file than was asked for"};
  } else {
    if (wanted_.begin > 0 && !is_whole_)
      return Error{Errc::unsupported, "the server sends no parts of files"};
    is_whole_ = is_whole_ || wanted_.end.has_value();
    skip_ = done_;
  }
  found_at_ = url_;
  return {};
}

/// The Hub itself names the commit and the etag; the second origin knows neither.
Result<void> FileGet::check_head(const std::vector<HttpHeader>& headers) const {
  if (!endpoint_.is_origin_of(url_)) return {};
  const std::string_view commit = header_of(headers, "x-repo-commit");
  if (!wanted_.commit.empty() && !commit.empty() && commit != wanted_.commit) {
    return Error{Errc::corrupt,
                 fmt::format("{} answers with another commit than was asked for", host_of(url_))};
  }
  const std::string_view linked = header_of(headers, "x-linked-etag");
  const std::string etag = clean_etag(linked.empty() ? header_of(headers, "etag") : linked);
  if (!wanted_.etag.empty() && !etag.empty() && etag != wanted_.etag) {
    return Error{Errc::corrupt, fmt::format("{} answers with another file ({}) than it listed ({})",
                                            host_of(url_), etag, wanted_.etag)};
  }
  return {};
}

Result<void> FileGet::deliver(std::string_view piece) {
  const auto repeated = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, piece.size()));
  skip_ -= repeated;
  piece.remove_prefix(repeated);
  if (piece.empty()) return {};
  const std::optional<std::uint64_t> limit =
      wanted_.end && !is_whole_ ? std::optional(*wanted_.end - wanted_.begin) : wanted_.size;
  if (limit && done_ + piece.size() > *limit) {
    return Error{Errc::corrupt,
                 fmt::format("the file is longer than the {} bytes that were announced", *limit)};
  }
  if (Result<void> taken = sink_(piece); !taken) return taken;
  done_ += piece.size();
  has_moved_ = true;
  return {};
}

FileGet::State FileGet::fail(Error error, bool is_passing) {
  error_ = std::move(error);
  is_passing_ = is_passing;
  return is_passing ? State::under_way : State::failed;
}

FileGet::State FileGet::redirect(const HttpResponse& response) {
  if (++hops_ > kMostRedirects)
    return fail(nonsense(url_, fmt::format("with more than {} redirects", kMostRedirects)), false);
  if (const Result<void> checked = check_head(response.headers); !checked)
    return fail(checked.error(), false);
  Result<std::string> target = redirect_target(response, url_);
  if (!target) return fail(target.error(), false);
  if (!endpoint_.is_origin_of(*target)) bearer_ = nullptr;  // and nothing behind gets it back
  url_ = *std::move(target);
  return State::under_way;
}

FileGet::State FileGet::take(const Result<HttpResponse>& response) {
  is_passing_ = false;
  told_ = response ? retry_after(*response) : std::nullopt;
  if (!response) return fail(response.error(), is_passing_failure(response));
  if (is_redirect(response->status)) return redirect(*response);
  hops_ = 0;
  if (response->status != 200 && response->status != 206) {
    Error error = error_from(*response, read_answer(*response, bearer_),
                             {.what = wanted_.what.empty() ? without_query(url_) : wanted_.what,
                              .with_token = bearer_ != nullptr});
    // A signed address has run out: the Hub gives a new one.
    if (response->status == 403 && !endpoint_.is_origin_of(url_) && url_ != start_url_) {
      begin_at(start_url_);
      return fail(std::move(error), true);
    }
    return fail(std::move(error), is_passing_failure(response));
  }
  // An empty body never reached the sinks, so its head was not looked at.
  if (done_ == 0) {
    if (const Result<void> checked = check_head(response->headers); !checked)
      return fail(checked.error(), false);
  }
  const std::optional<std::uint64_t> expected =
      wanted_.end && !is_whole_ ? std::optional(*wanted_.end - wanted_.begin)
      : wanted_.size            ? std::optional(*wanted_.size - (is_whole_ ? 0 : wanted_.begin))
                                : std::nullopt;
  if (expected && done_ < *expected) {
    return fail(nonsense(url_, fmt::format("with {} of {} bytes: the transfer ended early", done_,
                                           *expected)),
                true);
  }
  return State::done;
}

}  // namespace hfauth::hub
