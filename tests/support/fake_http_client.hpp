// SPDX-License-Identifier: Apache-2.0
//
// An HttpClient without a network: answers from a queue, records what it was asked. Asking more
// often than there are answers is a network error that says so. One thread.
#pragma once

#include "hfauth/hub/http_client.hpp"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hfauth::testing {

class FakeHttpClient final : public hub::HttpClient {
 public:
  /// A request as it came; the token as text, because the Secret may be gone when a test looks.
  struct Asked {
    std::string method;
    std::string url;
    std::vector<hub::HttpHeader> headers;
    std::optional<std::string> bearer;
    std::string body;
    std::chrono::milliseconds deadline;

    [[nodiscard]] std::string header(std::string_view name) const {
      for (const hub::HttpHeader& one : headers) {
        if (one.name == name) return one.value;
      }
      return {};
    }
  };

  void answer(int status, std::string body = {}, std::vector<hub::HttpHeader> headers = {}) {
    hub::HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    response.headers = std::move(headers);
    queue_.push_back({std::move(response), std::nullopt});
  }

  void fail(Errc code, std::string detail = "the fake network is down") {
    queue_.push_back({{}, Error{code, std::move(detail)}});
  }

  /// Sends head and body of a 2xx to the sink, then breaks off.
  void cut(int status, std::string body, std::vector<hub::HttpHeader> headers = {}) {
    answer(status, std::move(body), std::move(headers));
    queue_.back().failure = Error{Errc::network, "the fake transfer broke off"};
  }

  [[nodiscard]] const std::vector<Asked>& asked() const noexcept { return asked_; }

  [[nodiscard]] bool is_used_up() const noexcept { return queue_.empty(); }

  Result<hub::HttpResponse> send(const hub::HttpRequest& request) override {
    asked_.push_back(
        {request.method, request.url, request.headers,
         request.bearer != nullptr ? std::optional(std::string(request.bearer->expose()))
                                   : std::nullopt,
         request.secret_body != nullptr ? std::string(request.secret_body->expose()) : request.body,
         request.deadline});
    if (queue_.empty())
      return Error{Errc::network, "the fake has no answer left for " + request.url};
    Planned planned = std::move(queue_.front());
    queue_.pop_front();
    if (request.sink && planned.response.status >= 200 && planned.response.status < 300) {
      if (Result<void> given = deliver(request, planned.response); !given) return given.error();
      planned.response.body.clear();
    }
    if (planned.failure) return *std::move(planned.failure);
    return std::move(planned.response);
  }

  void start(hub::HttpRequest request, hub::ExchangeDone done) override {
    started_.push_back({std::move(request), std::move(done)});
  }

  /// Ends one exchange, in the order in which they were started, as if send() had made it.
  Result<std::size_t> poll(std::chrono::milliseconds /*longest*/) override {
    if (started_.empty()) return std::size_t{0};
    Started next = std::move(started_.front());
    started_.pop_front();
    next.done(send(next.request));
    return started_.size();
  }

  void drop_all() noexcept override { started_.clear(); }

  Result<std::string> issuer(const std::string& url) override {
    return Error{Errc::network, "the fake has no certificate for " + url};
  }

 private:
  struct Planned {
    hub::HttpResponse response;
    std::optional<Error> failure;
  };

  struct Started {
    hub::HttpRequest request;
    hub::ExchangeDone done;
  };

  /// In pieces of 7 bytes, as awkward as a network's.
  static Result<void> deliver(const hub::HttpRequest& request, const hub::HttpResponse& response) {
    if (response.body.empty()) return {};
    if (request.on_head) {
      if (Result<void> begun = request.on_head(response.status, response.headers); !begun)
        return begun;
    }
    const std::string_view body = response.body;
    for (std::size_t at = 0; at < body.size(); at += 7) {
      if (Result<void> taken = request.sink(body.substr(at, 7)); !taken) return taken;
    }
    return {};
  }

  std::deque<Planned> queue_;
  std::deque<Started> started_;
  std::vector<Asked> asked_;
};

}  // namespace hfauth::testing
