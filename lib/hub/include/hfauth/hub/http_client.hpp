// SPDX-License-Identifier: Apache-2.0
//
// HTTP exchanges, one that is waited for or many at once. The implementation on libcurl lives in a
// module that is loaded on first use, so that commands without network start in a millisecond;
// tests put a fake here (tests/support/fake_http_client.hpp).
#pragma once

#include "hfauth/core/environment.hpp"
#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::hub {

struct HttpHeader {
  std::string name;
  std::string value;
};

/// Receives the body piece by piece; an error ends the exchange and is its result.
using BodySink = std::function<Result<void>(std::string_view piece)>;

/// Sees status and header before the first piece of a 2xx body that goes to a sink; an error ends
/// the exchange.
using HeadSink = std::function<Result<void>(int status, const std::vector<HttpHeader>& headers)>;

struct HttpRequest {
  std::string method = "GET";           ///< GET, HEAD or POST
  std::string url;                      ///< absolute; http or https
  std::vector<HttpHeader> headers;      ///< without Authorization
  const Secret* bearer = nullptr;       ///< sent as "Authorization: Bearer ..."; not owned
  std::string body;                     ///< for POST
  const Secret* secret_body = nullptr;  ///< for POST, sent instead of `body`; not owned
  std::chrono::milliseconds connect_deadline{5000};
  std::chrono::milliseconds deadline{
      10000};  ///< the whole exchange; 0: none, but a stall of 30 s still ends it
  std::size_t body_limit = std::size_t{1} << 20;  ///< for answers without a sink
  BodySink sink;     ///< if set, a 2xx body goes here and HttpResponse::body stays empty
  HeadSink on_head;  ///< may be empty
  /// A connection of its own instead of a stream of a shared HTTP/2 one: for the parts of a large
  /// file, which a shared connection's one window would hold up.
  bool own_connection = false;
};

/// How long each step took; zero for steps that were not made (connection reused).
struct HttpTimings {
  std::chrono::microseconds name_lookup{0};
  std::chrono::microseconds connected{0};
  std::chrono::microseconds tls_done{0};
  std::chrono::microseconds total{0};
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;
  HttpTimings timings;

  /// The first value of a header, name in any case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
};

/// Called once when an exchange that was started has ended, from within poll().
using ExchangeDone = std::function<void(Result<HttpResponse> response)>;

/// As many exchanges run at the same time; what is started beyond that waits its turn, and its
/// deadline begins with the turn. With HTTP/1.1 it is the number of connections: browsers open 6 a
/// host, huggingface_hub 8, and a quota of 3,000 files in 5 minutes allows 10 a second.
inline constexpr std::size_t kMostExchangesAtOnce = 16;

class HttpClient {
 public:
  HttpClient() = default;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  virtual ~HttpClient() = default;

  /// Performs one exchange and follows no redirect. Blocks up to the deadline. Any status is a
  /// success here. Errors: network (detail says which step failed: name look-up, connect, TLS,
  /// proxy, transfer), timeout, too_large, invalid_input (URL, a header value with control
  /// characters), what the sink returned.
  [[nodiscard]] virtual Result<HttpResponse> send(const HttpRequest& request) = 0;

  /// Queues one exchange that runs beside others while poll() is called, under the same rules and
  /// with the same errors as send(). `request.bearer` and `secret_body` live until `done`. Does not
  /// block and calls nothing; may be called from within a `done`, not from within a sink.
  virtual void start(HttpRequest request, ExchangeDone done) = 0;

  /// Drives what was started, in this thread, until at least one exchange has ended (its `done` has
  /// been called), none is left or `longest` has passed. The number of those that are under way or
  /// wait. Errors: internal (libcurl cannot go on, or a `done` threw).
  [[nodiscard]] virtual Result<std::size_t> poll(std::chrono::milliseconds longest) = 0;

  /// Breaks off everything that was started; no `done` is called.
  virtual void drop_all() noexcept = 0;

  /// Who issued the certificate that answers for the host of `url`, whether it is believed or not:
  /// "O = Corp, CN = Corp Proxy CA G2". Shakes hands, through the same proxy, and sends nothing: no
  /// request and no token. For people, never for a decision on trust. Blocks, 5 s at most. Errors:
  /// those of send(); invalid_input (not https).
  [[nodiscard]] virtual Result<std::string> issuer(const std::string& url) = 0;
};

/// Loads the network module (beside the program in a build tree: ../lib/hfauth, the same when
/// installed) and makes a client that honours the user's proxy variables (libcurl-env(3):
/// http_proxy in lower case only; hosts on loopback never take a proxy) and SSL_CERT_FILE,
/// SSL_CERT_DIR, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE (the first that is set; libcurl itself reads
/// none of them: facts/machine.md §8). Not thread-safe; one a thread. Errors: internal (module
/// missing or of another version), invalid_input (a CA file that cannot be read).
[[nodiscard]] Result<std::unique_ptr<HttpClient>> load_http_client(const Environment& environment);

}  // namespace hfauth::hub
