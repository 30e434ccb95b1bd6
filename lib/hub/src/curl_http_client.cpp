// SPDX-License-Identifier: Apache-2.0
//
// Each exchange resets the one easy handle (which keeps its connections) and sets everything anew,
// so nothing of a request, its token least of all, reaches the next. The Authorization line is
// built in guarded memory and handed to libcurl as a list node that points there; libcurl's own
// send buffer is the one copy that cannot be wiped. No verbose mode exists: it would print that
// line.
#include "curl_http_client.hpp"

#include "http_request_check.hpp"
#include "http_settings.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <span>

namespace hfauth::hub {
namespace {

constexpr std::size_t kHeaderLimit = std::size_t{256}
                                     << 10;  ///< of all header lines: the Hub sends about 3 KiB
constexpr long kStallSeconds = 30;
constexpr int kProxyAuthenticationRequired = 407;

struct FreeEasy {
  void operator()(CURL* easy) const noexcept { ::curl_easy_cleanup(easy); }
};

/// What the callbacks of one exchange work on.
struct Exchange {
  const HttpRequest& request;
  CURL* easy;
  HttpResponse response;
  std::optional<Error> failure;  ///< why a callback stopped the exchange
  std::size_t header_bytes = 0;
  bool in_body = false;
};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// One header line. A status line begins a new head: interim answers (100, 103) are forgotten.
void take_header(Exchange& exchange, std::string_view line) {
  if (exchange.in_body) return;  // trailers
  if (line.starts_with("HTTP/")) {
    exchange.response.headers.clear();
    return;
  }
  exchange.header_bytes += line.size();
  if (exchange.header_bytes > kHeaderLimit) {
    exchange.failure = Error{
        Errc::too_large, fmt::format("the answer's header is over {} KiB", kHeaderLimit >> 10U)};
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  exchange.response.headers.push_back(
      {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
}

void take_body(Exchange& exchange, std::string_view piece) {
  long status = 0;
  ::curl_easy_getinfo(exchange.easy, CURLINFO_RESPONSE_CODE, &status);
  const bool is_first = !exchange.in_body;
  exchange.in_body = true;
  if (exchange.request.sink && status >= 200 && status < 300) {
    if (is_first && exchange.request.on_head) {
      const Result<void> begun =
          exchange.request.on_head(static_cast<int>(status), exchange.response.headers);
      if (!begun) {
        exchange.failure = begun.error();
        return;
      }
    }
    if (Result<void> taken = exchange.request.sink(piece); !taken) exchange.failure = taken.error();
    return;
  }
  if (exchange.response.body.size() + piece.size() > exchange.request.body_limit) {
    exchange.failure = Error{
        Errc::too_large, fmt::format("the answer of {} is over {} bytes",
                                     host_of(exchange.request.url), exchange.request.body_limit)};
    return;
  }
  exchange.response.body += piece;
}

/// A C callback is a door (docs/architecture.md): what is thrown behind it becomes the exchange's
/// failure.
template <auto Take>
std::size_t deliver(char* data, std::size_t size, std::size_t count, void* user) noexcept {
  auto& exchange = *static_cast<Exchange*>(user);
  const std::size_t n_bytes = size * count;
  try {
    Take(exchange, std::string_view(data, n_bytes));
    // An answer to a secret question holds secrets; libcurl is done with these bytes.
    if (exchange.request.secret_body != nullptr) wipe({data, n_bytes});
  } catch (const std::exception& thrown) {
    exchange.failure =
        Error{Errc::internal, fmt::format("taking the answer failed: {}", thrown.what())};
  }
  return exchange.failure ? n_bytes + 1 : n_bytes;
}

/// The request's header lines. Nodes are our own, not curl_slist_append's copies, so that the
/// token's line can stay in guarded memory.
class HeaderList {
 public:
  explicit HeaderList(const HttpRequest& request) {
    lines_.reserve(request.headers.size() + 1);
    for (const HttpHeader& header : request.headers) {
      // libcurl removes a header that is written "Name:", and sends an empty one that is written
      // "Name;".
      lines_.push_back(header.value.empty() ? header.name + ";"
                                            : header.name + ": " + header.value);
    }
    lines_.emplace_back("Expect:");  // no 100-continue: it costs a round trip and confuses proxies
    if (request.bearer != nullptr) build_authorization(request.bearer->expose());
    nodes_.resize(lines_.size() + (authorization_.empty() ? 0 : 1));
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].data = i < lines_.size() ? lines_[i].data() : authorization_.writable().data();
      nodes_[i].next = i + 1 < nodes_.size() ? &nodes_[i + 1] : nullptr;
    }
  }

  [[nodiscard]] curl_slist* get() noexcept { return nodes_.data(); }

 private:
  void build_authorization(std::string_view token) {
    constexpr std::string_view kPrefix = "Authorization: Bearer ";
    authorization_ = Secret::allocate(kPrefix.size() + token.size() + 1);
    const std::span<char> line = authorization_.writable();
    std::copy(kPrefix.begin(), kPrefix.end(), line.begin());
    std::copy(token.begin(), token.end(),
              line.begin() + static_cast<std::ptrdiff_t>(kPrefix.size()));
    line.back() = '\0';
  }

  std::vector<std::string> lines_;
  Secret authorization_;
  std::vector<curl_slist> nodes_;
};

std::chrono::microseconds time_of(CURL* easy, CURLINFO what) {
  curl_off_t microseconds = 0;
  ::curl_easy_getinfo(easy, what, &microseconds);
  return std::chrono::microseconds(microseconds);
}

HttpTimings timings_of(CURL* easy) {
  return {.name_lookup = time_of(easy, CURLINFO_NAMELOOKUP_TIME_T),
          .connected = time_of(easy, CURLINFO_CONNECT_TIME_T),
          .tls_done = time_of(easy, CURLINFO_APPCONNECT_TIME_T),
          .total = time_of(easy, CURLINFO_TOTAL_TIME_T)};
}

class CurlHttpClient final : public HttpClient {
 public:
  CurlHttpClient(CURL* easy, const HttpSettings& settings) : easy_(easy), settings_(settings) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    // The module's door: nothing thrown in here may reach a program that was compiled elsewhere.
    try {
      return perform(request);
    } catch (const std::exception& thrown) {
      return Error{Errc::internal, fmt::format("the exchange with {} failed: {}",
                                               host_of(request.url), thrown.what())};
    }
  }

 private:
  Result<HttpResponse> perform(const HttpRequest& request) {
    if (const Result<void> checked = check_request(request); !checked) return checked.error();
    ::curl_easy_reset(easy_.get());
    error_text_.fill('\0');
    HeaderList headers(request);
    Exchange exchange{.request = request, .easy = easy_.get(), .response = {}, .failure = {}};
    set_target(request);
    set_limits(request);
    set_trust();
    ::curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers.get());
    ::curl_easy_setopt(easy_.get(), CURLOPT_HEADERFUNCTION, &deliver<take_header>);
    ::curl_easy_setopt(easy_.get(), CURLOPT_HEADERDATA, &exchange);
    ::curl_easy_setopt(easy_.get(), CURLOPT_WRITEFUNCTION, &deliver<take_body>);
    ::curl_easy_setopt(easy_.get(), CURLOPT_WRITEDATA, &exchange);

    const CURLcode code = ::curl_easy_perform(easy_.get());
    const HttpTimings timings = timings_of(easy_.get());
    long status = 0;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    ::curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, nullptr);  // the list dies with this call

    if (exchange.failure) return *std::move(exchange.failure);
    if (code != CURLE_OK) return from_curl(code, request, timings);
    if (status == kProxyAuthenticationRequired) return proxy_refusal(request);
    exchange.response.status = static_cast<int>(status);
    exchange.response.timings = timings;
    return std::move(exchange.response);
  }

  void set_target(const HttpRequest& request) {
    CURL* easy = easy_.get();
    ::curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    ::curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
    ::curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    ::curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (request.method == "HEAD") {
      ::curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (request.method == "POST") {
      ::curl_easy_setopt(easy, CURLOPT_POST, 1L);
      const std::string_view body = request.secret_body != nullptr ? request.secret_body->expose()
                                                                   : std::string_view(request.body);
      ::curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.data());  // not copied
      ::curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }
    // Setting both switches off libcurl's own look at the environment. Loopback never takes a
    // proxy: plain http is allowed there, and a proxy would read the token.
    const std::string& proxy = proxy_for(request.url);
    ::curl_easy_setopt(easy, CURLOPT_PROXY, proxy.c_str());
    ::curl_easy_setopt(easy, CURLOPT_NOPROXY, settings_.no_proxy.c_str());
  }

  void set_limits(const HttpRequest& request) {
    CURL* easy = easy_.get();
    ::curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
    ::curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                       static_cast<long>(request.connect_deadline.count()));
    ::curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.deadline.count()));
    ::curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    ::curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
  }

  void set_trust() {
    CURL* easy = easy_.get();
    ::curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    ::curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    ::curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (settings_.ca_file.empty() && settings_.ca_folder.empty()) return;  // the system's own
    ::curl_easy_setopt(easy, CURLOPT_CAINFO,
                       settings_.ca_file.empty() ? nullptr : settings_.ca_file.c_str());
    ::curl_easy_setopt(easy, CURLOPT_CAPATH,
                       settings_.ca_folder.empty() ? nullptr : settings_.ca_folder.c_str());
  }

  [[nodiscard]] const std::string& proxy_for(std::string_view url) const {
    static const std::string kNone;
    if (is_loopback(host_of(url))) return kNone;
    return is_https(url) ? settings_.https_proxy : settings_.http_proxy;
  }

  [[nodiscard]] Error proxy_refusal(const HttpRequest& request) const {
    return Error{
        Errc::network,
        fmt::format("the proxy {} wants a user name and a password (407): write them into the "
                    "proxy variable's URL",
                    proxy_host(proxy_for(request.url)))};
  }

  /// libcurl's own words for the failure; it never puts header lines there.
  [[nodiscard]] std::string words(CURLcode code) const {
    std::string text = error_text_[0] != '\0' ? error_text_.data() : ::curl_easy_strerror(code);
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  [[nodiscard]] static Error timed_out(const HttpRequest& request, const HttpTimings& timings) {
    const std::chrono::microseconds none{0};
    const char* step = "the answer took too long";
    if (timings.name_lookup == none) {
      step = "looking up the name took too long";
    } else if (timings.connected == none) {
      step = "connecting took too long";
    } else if (is_https(request.url) && timings.tls_done == none) {
      step = "the TLS handshake took too long";
    }
    return Error{Errc::timeout, fmt::format("{}: {}", host_of(request.url), step)};
  }

  /// The one place where libcurl's codes become ours: the detail begins with the step that failed.
  [[nodiscard]] Error from_curl(CURLcode code, const HttpRequest& request,
                                const HttpTimings& timings) const {
    const std::string host = host_of(request.url);
    long connect_status = 0;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &connect_status);
    if (connect_status == kProxyAuthenticationRequired) return proxy_refusal(request);
    if (connect_status >= 300) {
      return Error{Errc::network,
                   fmt::format("the proxy {} refuses to connect to {} ({})",
                               proxy_host(proxy_for(request.url)), host, connect_status)};
    }
    switch (code) {
      case CURLE_OPERATION_TIMEDOUT:
        return timed_out(request, timings);
      case CURLE_COULDNT_RESOLVE_HOST:
        return Error{Errc::network,
                     fmt::format("name look-up: {} is not known here: check the network, DNS or "
                                 "HF_ENDPOINT",
                                 host)};
      case CURLE_COULDNT_RESOLVE_PROXY:
      case CURLE_PROXY:
        return Error{Errc::network,
                     fmt::format("proxy {}: {}", proxy_host(proxy_for(request.url)), words(code))};
      case CURLE_COULDNT_CONNECT:
        return Error{Errc::network, fmt::format("connect to {}: {}", host, words(code))};
      case CURLE_SSL_CONNECT_ERROR:
      case CURLE_PEER_FAILED_VERIFICATION:
      case CURLE_SSL_CACERT_BADFILE:
      case CURLE_SSL_CERTPROBLEM:
      case CURLE_SSL_CIPHER:
      case CURLE_SSL_ISSUER_ERROR:
        return Error{Errc::network, fmt::format("TLS with {}: {}", host, words(code))};
      case CURLE_PARTIAL_FILE:
      case CURLE_RECV_ERROR:
      case CURLE_SEND_ERROR:
      case CURLE_GOT_NOTHING:
      case CURLE_HTTP2:
      case CURLE_HTTP2_STREAM:
      case CURLE_WEIRD_SERVER_REPLY:
        return Error{Errc::network, fmt::format("transfer from {}: {}", host, words(code))};
      case CURLE_URL_MALFORMAT:
      case CURLE_UNSUPPORTED_PROTOCOL:
        return Error{Errc::invalid_input,
                     fmt::format("the URL of {} is malformed: {}", host, words(code))};
      case CURLE_OUT_OF_MEMORY:
        return Error{Errc::internal, "libcurl ran out of memory"};
      default:
        return Error{Errc::network, fmt::format("exchange with {}: {}", host, words(code))};
    }
  }

  std::unique_ptr<CURL, FreeEasy> easy_;
  HttpSettings settings_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

}  // namespace

HttpClient* make_curl_http_client(const HttpSettings& settings) noexcept {
  static const CURLcode initialised =
      ::curl_global_init(CURL_GLOBAL_DEFAULT);  // once, guarded by the language
  if (initialised != CURLE_OK) return nullptr;
  CURL* easy = ::curl_easy_init();
  if (easy == nullptr) return nullptr;
  try {
    return new CurlHttpClient(easy, settings);
  } catch (const std::bad_alloc&) {
    ::curl_easy_cleanup(easy);
    return nullptr;
  }
}

}  // namespace hfauth::hub
