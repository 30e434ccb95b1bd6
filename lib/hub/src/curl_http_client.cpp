// SPDX-License-Identifier: Apache-2.0
//
// Each exchange takes an easy handle, resets it (which keeps its connections) and sets everything
// anew, so nothing of a request, its token least of all, reaches the next. The Authorization line
// is built in guarded memory and handed to libcurl as a list node that points there; libcurl's own
// send buffer is the one copy that cannot be wiped. No verbose mode exists: it would print that
// line. Exchanges that run at the same time go through one multi handle, which has the pool of
// connections; send() has a handle of its own beside it.
#include "curl_http_client.hpp"

#include "http_exchange.hpp"
#include "http_request_check.hpp"
#include "http_settings.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <map>
#include <new>
#include <span>

namespace hfauth::hub {
namespace {

constexpr long kStallSeconds = 30;
constexpr long kFileBufferBytes = 128L << 10;  // a file's: 16 KiB cost eight times the calls
constexpr std::chrono::seconds kHandshakeDeadline{5};
constexpr int kProxyAuthenticationRequired = 407;

struct FreeEasy {
  void operator()(CURL* easy) const noexcept { ::curl_easy_cleanup(easy); }
};

struct FreeMulti {
  void operator()(CURLM* multi) const noexcept { ::curl_multi_cleanup(multi); }
};

using EasyHandle = std::unique_ptr<CURL, FreeEasy>;
using MultiHandle = std::unique_ptr<CURLM, FreeMulti>;

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

int status_of(CURL* easy) {
  long status = 0;
  ::curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

HttpTimings timings_of(CURL* easy) {
  return {.name_lookup = time_of(easy, CURLINFO_NAMELOOKUP_TIME_T),
          .connected = time_of(easy, CURLINFO_CONNECT_TIME_T),
          .tls_done = time_of(easy, CURLINFO_APPCONNECT_TIME_T),
          .total = time_of(easy, CURLINFO_TOTAL_TIME_T)};
}

/// Of the certificate that stands first: the server's own. "" if the server showed none.
std::string issuer_of(CURL* easy) {
  constexpr std::string_view kName = "Issuer:";
  curl_certinfo* chain = nullptr;
  if (::curl_easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == nullptr ||
      chain->num_of_certs == 0) {
    return "";
  }
  for (const curl_slist* line = chain->certinfo[0]; line != nullptr; line = line->next) {
    const std::string_view text = line->data;
    if (text.starts_with(kName)) return std::string(text.substr(kName.size()));
  }
  return "";
}

/// One exchange on one easy handle: sets everything, hears the callbacks, reads the outcome. The
/// request, the settings and the handle outlive it.
class Attempt {
 public:
  Attempt(CURL* easy, const HttpRequest& request, const HttpSettings& settings)
      : easy_(easy), request_(request), settings_(settings), exchange_(request), headers_(request) {
    ::curl_easy_reset(easy_);
    set_target();
    set_limits();
    set_trust();
    ::curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_.get());
    ::curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Attempt::take_header);
    ::curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
    ::curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Attempt::take_body);
    ::curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  }

  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// The handle forgets what dies here.
  ~Attempt() { ::curl_easy_reset(easy_); }

  /// Connects to whoever answers, and neither believes nor asks anything.
  void only_shake_hands() {
    ::curl_easy_setopt(easy_, CURLOPT_CONNECT_ONLY, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_CERTINFO, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 0L);
    ::curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 0L);
  }

  /// Once, when libcurl says that it is over.
  [[nodiscard]] Result<HttpResponse> finish(CURLcode code) {
    const HttpTimings timings = timings_of(easy_);
    if (exchange_.failure()) return *exchange_.failure();
    if (code != CURLE_OK) return from_curl(code, timings);
    const int status = status_of(easy_);
    if (status == kProxyAuthenticationRequired) return proxy_refusal();
    HttpResponse& response = exchange_.response();
    response.status = status;
    response.timings = timings;
    return std::move(response);
  }

 private:
  static std::size_t take_header(char* data, std::size_t size, std::size_t count,
                                 void* user) noexcept {
    auto& self = *static_cast<Attempt*>(user);
    return self.deliver(size * count, [&] { self.exchange_.take_header({data, size * count}); });
  }

  static std::size_t take_body(char* data, std::size_t size, std::size_t count,
                               void* user) noexcept {
    auto& self = *static_cast<Attempt*>(user);
    return self.deliver(size * count, [&] {
      self.exchange_.take_body(status_of(self.easy_), {data, size * count});
      // An answer to a secret question holds secrets; libcurl is done with these bytes.
      if (self.request_.secret_body != nullptr) wipe({data, size * count});
    });
  }

  /// A C callback is a door (docs/architecture.md): what is thrown behind it becomes the exchange's
  /// failure. The answer tells libcurl whether to go on.
  template <class Take>
  std::size_t deliver(std::size_t n_bytes, const Take& take) noexcept {
    try {
      take();
    } catch (const std::exception& thrown) {
      exchange_.fail({Errc::internal, fmt::format("taking the answer failed: {}", thrown.what())});
    }
    return exchange_.failure() ? n_bytes + 1 : n_bytes;
  }

  [[nodiscard]] bool is_on_old_connection() const {
    long n_connections = 0;
    ::curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &n_connections);
    return n_connections == 0 && is_sent();
  }

  [[nodiscard]] bool is_sent() const {
    long n_bytes = 0;
    ::curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &n_bytes);
    return n_bytes > 0;
  }

  void set_target() {
    ::curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
    ::curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION,
                       request_.own_connection ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS);
    // Rather wait for the handshake that shows whether HTTP/2 takes all at once than shake hands
    // for each.
    const bool may_share = is_https(request_.url) && !request_.own_connection;
    ::curl_easy_setopt(easy_, CURLOPT_PIPEWAIT, may_share ? 1L : 0L);
    ::curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    ::curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (request_.method == "HEAD") {
      ::curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    } else if (request_.method == "POST") {
      ::curl_easy_setopt(easy_, CURLOPT_POST, 1L);
      const std::string_view body = request_.secret_body != nullptr
                                        ? request_.secret_body->expose()
                                        : std::string_view(request_.body);
      ::curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data());  // not copied
      ::curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }
    // Setting both switches off libcurl's own look at the environment. Loopback never takes a
    // proxy: plain http is allowed there, and a proxy would read the token.
    const std::string& proxy = proxy_for(request_.url);
    ::curl_easy_setopt(easy_, CURLOPT_PROXY, proxy.c_str());
    ::curl_easy_setopt(easy_, CURLOPT_NOPROXY, settings_.no_proxy.c_str());
  }

  void set_limits() {
    ::curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
    ::curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                       static_cast<long>(request_.connect_deadline.count()));
    ::curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.deadline.count()));
    ::curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
    if (request_.sink) ::curl_easy_setopt(easy_, CURLOPT_BUFFERSIZE, kFileBufferBytes);
  }

  void set_trust() {
    ::curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
    ::curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
    ::curl_easy_setopt(easy_, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    if (settings_.ca_file.empty() && settings_.ca_folder.empty()) return;  // the system's own
    ::curl_easy_setopt(easy_, CURLOPT_CAINFO,
                       settings_.ca_file.empty() ? nullptr : settings_.ca_file.c_str());
    ::curl_easy_setopt(easy_, CURLOPT_CAPATH,
                       settings_.ca_folder.empty() ? nullptr : settings_.ca_folder.c_str());
  }

  [[nodiscard]] const std::string& proxy_for(std::string_view url) const {
    static const std::string kNone;
    if (is_loopback(host_of(url))) return kNone;
    return is_https(url) ? settings_.https_proxy : settings_.http_proxy;
  }

  [[nodiscard]] Error proxy_refusal() const {
    return Error{
        Errc::network,
        fmt::format("the proxy {} wants a user name and a password (407): write them into the "
                    "proxy variable's URL",
                    proxy_host(proxy_for(request_.url)))};
  }

  /// libcurl names the machine that did not answer: where that is the proxy's, the host was not
  /// even tried.
  [[nodiscard]] Error could_not_connect(std::string_view host, const std::string& its_words) const {
    const std::string proxy = proxy_host(proxy_for(request_.url));
    const std::string machine = proxy.substr(0, proxy.rfind(':'));
    const bool is_proxy =
        !machine.empty() && its_words.find("connect to " + machine + " port") != std::string::npos;
    return {Errc::network, is_proxy ? fmt::format("the proxy {} for {}: {}", proxy, host, its_words)
                                    : fmt::format("connect to {}: {}", host, its_words)};
  }

  /// libcurl's own words for the failure; it never puts header lines there.
  [[nodiscard]] std::string words(CURLcode code) const {
    std::string text = error_text_[0] != '\0' ? error_text_.data() : ::curl_easy_strerror(code);
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  [[nodiscard]] Error timed_out(const HttpTimings& timings) const {
    const std::chrono::microseconds none{0};
    const char* step = "the answer took too long";
    if (is_on_old_connection()) {
      // No other step was made.
    } else if (timings.name_lookup == none) {
      step = "looking up the name took too long";
    } else if (timings.connected == none) {
      step = "connecting took too long";
    } else if (is_https(request_.url) && timings.tls_done == none) {
      step = "the TLS handshake took too long";
    }
    return Error{Errc::timeout, fmt::format("{}: {}", host_of(request_.url), step)};
  }

  /// The one place where libcurl's codes become ours: the detail begins with the step that failed.
  [[nodiscard]] Error from_curl(CURLcode code, const HttpTimings& timings) const {
    const std::string host = host_of(request_.url);
    long connect_status = 0;
    ::curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &connect_status);
    if (connect_status == kProxyAuthenticationRequired) return proxy_refusal();
    if (connect_status >= 300) {
      return Error{Errc::network,
                   fmt::format("the proxy {} refuses to connect to {} ({})",
                               proxy_host(proxy_for(request_.url)), host, connect_status)};
    }
    switch (code) {
      case CURLE_OPERATION_TIMEDOUT:
        return timed_out(timings);
      case CURLE_COULDNT_RESOLVE_HOST:
        return Error{Errc::network,
                     fmt::format("name look-up: {} is not known here: check the network, DNS or "
                                 "HF_ENDPOINT",
                                 host)};
      case CURLE_COULDNT_RESOLVE_PROXY:
      case CURLE_PROXY:
        return Error{Errc::network,
                     fmt::format("proxy {}: {}", proxy_host(proxy_for(request_.url)), words(code))};
      case CURLE_COULDNT_CONNECT:
        return could_not_connect(host, words(code));
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

  CURL* easy_;
  const HttpRequest& request_;
  const HttpSettings& settings_;
  HttpExchange exchange_;
  HeaderList headers_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

/// An exchange of start(): waiting, then on a handle, then over.
struct Started {
  HttpRequest request;
  ExchangeDone done;
  EasyHandle easy;                   ///< once it has its turn
  std::unique_ptr<Attempt> attempt;  ///< refers to all of the above
};

class CurlHttpClient final : public HttpClient {
 public:
  CurlHttpClient(EasyHandle easy, MultiHandle multi, const HttpSettings& settings)
      : settings_(settings), easy_(std::move(easy)), multi_(std::move(multi)) {
    ::curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    ::curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS,
                        static_cast<long>(kMostExchangesAtOnce));
    ::curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                        static_cast<long>(kMostExchangesAtOnce));
  }

  CurlHttpClient(const CurlHttpClient&) = delete;
  CurlHttpClient& operator=(const CurlHttpClient&) = delete;

  ~CurlHttpClient() override { drop_all(); }

  // Each of these is the module's door: nothing thrown in here may reach a program that was
  // compiled elsewhere.

  Result<HttpResponse> send(const HttpRequest& request) override {
    try {
      if (const Result<void> checked = check_request(request); !checked) return checked.error();
      Attempt attempt(easy_.get(), request, settings_);
      return attempt.finish(::curl_easy_perform(easy_.get()));
    } catch (const std::exception& thrown) {
      return Error{Errc::internal, fmt::format("the exchange with {} failed: {}",
                                               host_of(request.url), thrown.what())};
    }
  }

  void start(HttpRequest request, ExchangeDone done) override {
    waiting_.push_back(std::make_unique<Started>());
    waiting_.back()->request = std::move(request);
    waiting_.back()->done = std::move(done);
  }

  Result<std::size_t> poll(std::chrono::milliseconds longest) override {
    try {
      return drive(longest);
    } catch (const std::exception& thrown) {
      return Error{Errc::internal, fmt::format("exchanges at once failed: {}", thrown.what())};
    }
  }

  Result<std::string> issuer(const std::string& url) override {
    try {
      if (!is_https(url)) return Error{Errc::invalid_input, "no https URL has no certificate"};
      HttpRequest request;
      request.url = url;
      request.deadline = kHandshakeDeadline;
      request.own_connection = true;
      EasyHandle easy(::curl_easy_init());  // of its own: what is believed here is nobody else's
      if (!easy) return Error{Errc::internal, "libcurl ran out of memory"};
      Attempt attempt(easy.get(), request, settings_);
      attempt.only_shake_hands();
      const CURLcode code = ::curl_easy_perform(easy.get());
      if (code != CURLE_OK) return attempt.finish(code).error();
      return issuer_of(easy.get());
    } catch (const std::exception& thrown) {
      return Error{Errc::internal,
                   fmt::format("the handshake with {} failed: {}", host_of(url), thrown.what())};
    }
  }

  void drop_all() noexcept override {
    for (auto& [easy, started] : running_)
      ::curl_multi_remove_handle(multi_.get(), easy);
    running_.clear();
    waiting_.clear();
  }

 private:
  struct Ended {
    ExchangeDone done;
    Result<HttpResponse> response;
  };

  Result<std::size_t> drive(std::chrono::milliseconds longest) {
    const auto deadline = std::chrono::steady_clock::now() + longest;
    while (true) {
      std::vector<Ended> ended;
      if (Result<void> begun = begin_waiting(ended); !begun) return begun.error();
      int n_active = 0;
      if (const CURLMcode code = ::curl_multi_perform(multi_.get(), &n_active); code != CURLM_OK)
        return cannot_go_on(code);
      collect(ended);
      for (Ended& one : ended)
        one.done(std::move(one.response));
      const std::size_t left = running_.size() + waiting_.size();
      const auto time_left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      if (!ended.empty() || left == 0 || time_left.count() <= 0) return left;
      const CURLMcode code =
          ::curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(time_left.count()), nullptr);
      if (code != CURLM_OK) return cannot_go_on(code);
    }
  }

  /// Gives waiting exchanges their turn; what cannot even be sent has ended.
  Result<void> begin_waiting(std::vector<Ended>& ended) {
    while (!waiting_.empty() && running_.size() < kMostExchangesAtOnce) {
      std::unique_ptr<Started> started = std::move(waiting_.front());
      waiting_.pop_front();
      if (const Result<void> checked = check_request(started->request); !checked) {
        ended.push_back({std::move(started->done), checked.error()});
        continue;
      }
      started->easy = take_handle();
      if (!started->easy) return Error{Errc::internal, "libcurl ran out of memory"};
      CURL* const easy = started->easy.get();
      started->attempt = std::make_unique<Attempt>(easy, started->request, settings_);
      running_.emplace(easy, std::move(started));
      if (const CURLMcode code = ::curl_multi_add_handle(multi_.get(), easy); code != CURLM_OK) {
        running_.erase(easy);
        return cannot_go_on(code);
      }
    }
    return {};
  }

  /// Takes what has ended off the multi handle; the connections stay in its pool.
  void collect(std::vector<Ended>& ended) {
    int n_left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi_.get(), &n_left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const easy = message->easy_handle;
      const CURLcode code = message->data.result;
      const auto found = running_.find(easy);
      std::unique_ptr<Started> started = std::move(found->second);
      running_.erase(found);
      Result<HttpResponse> response = started->attempt->finish(code);
      ::curl_multi_remove_handle(multi_.get(), easy);
      started->attempt.reset();
      spare_.push_back(std::move(started->easy));
      ended.push_back({std::move(started->done), std::move(response)});
    }
  }

  EasyHandle take_handle() {
    if (spare_.empty()) return EasyHandle(::curl_easy_init());
    EasyHandle easy = std::move(spare_.back());
    spare_.pop_back();
    return easy;
  }

  static Error cannot_go_on(CURLMcode code) {
    return Error{Errc::internal,
                 fmt::format("libcurl cannot go on: {}", ::curl_multi_strerror(code))};
  }

  HttpSettings settings_;
  EasyHandle easy_;  ///< of send()
  MultiHandle multi_;
  std::deque<std::unique_ptr<Started>> waiting_;
  std::map<CURL*, std::unique_ptr<Started>> running_;
  std::vector<EasyHandle> spare_;  ///< at most kMostExchangesAtOnce
};

}  // namespace

HttpClient* make_curl_http_client(const HttpSettings& settings) noexcept {
  static const CURLcode initialised =
      ::curl_global_init(CURL_GLOBAL_DEFAULT);  // once, guarded by the language
  if (initialised != CURLE_OK) return nullptr;
  EasyHandle easy(::curl_easy_init());
  MultiHandle multi(::curl_multi_init());
  if (!easy || !multi) return nullptr;
  try {
    return new CurlHttpClient(std::move(easy), std::move(multi), settings);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

}  // namespace hfauth::hub
