// SPDX-License-Identifier: Apache-2.0
//
// The bodies of both directions hold secrets: requests are built in a Secret, answers of 2xx are
// gathered in one through the sink. Refusals hold none and come as ordinary bodies.
#include "hfauth/hub/oauth.hpp"

#include "oauth_answer.hpp"
#include "server_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace hfauth::hub {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kAnswerLimit = std::size_t{64} << 10;  // the Hub's have about 2 KiB
constexpr seconds kSlowDown{5};                              // RFC 8628 §3.5
constexpr const char* kWaiting = "waiting for the login";
constexpr std::string_view kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

struct Field {
  std::string_view name;
  std::string_view value;
};

/// application/x-www-form-urlencoded in guarded memory.
Secret form(std::initializer_list<Field> fields) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
  };
  std::size_t largest = 0;
  for (const Field& field : fields)
    largest += field.name.size() + 3 * field.value.size() + 2;
  Secret body = Secret::allocate(largest);
  const std::span<char> out = body.writable();
  std::size_t at = 0;
  for (const Field& field : fields) {
    if (at > 0) out[at++] = '&';
    for (const char c : field.name)
      out[at++] = c;
    out[at++] = '=';
    for (const char c : field.value) {
      if (is_plain(c)) {
        out[at++] = c;
        continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      out[at++] = '%';
      out[at++] = kDigits[byte >> 4U];
      out[at++] = kDigits[byte & 15U];
    }
  }
  body.truncate(at);
  return body;
}

/// A 2xx body on its way into guarded memory.
class GuardedAnswer {
 public:
  Result<void> take(std::string_view piece) {
    if (used_ + piece.size() > kAnswerLimit)
      return Error{Errc::too_large, "the answer to the login is too long"};
    if (memory_.size() < used_ + piece.size()) {
      Secret larger = Secret::allocate(std::min(kAnswerLimit, 2 * (used_ + piece.size())));
      std::copy_n(memory_.expose().begin(), used_, larger.writable().begin());
      memory_ = std::move(larger);
    }
    std::copy(piece.begin(), piece.end(),
              memory_.writable().begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += piece.size();
    return {};
  }

  [[nodiscard]] Secret finish() {
    memory_.truncate(used_);
    return std::move(memory_);
  }

 private:
  Secret memory_;
  std::size_t used_ = 0;
};

struct Exchange {
  HttpResponse response;  ///< its body is empty for a 2xx
  Secret body;            ///< of a 2xx
};

Result<Exchange> post(HttpClient& http, std::string url, const std::string& user_agent,
                      const Secret& body) {
  HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = {{"User-Agent", user_agent},
                     {"Content-Type", "application/x-www-form-urlencoded"},
                     {"Accept", "application/json"}};
  request.secret_body = &body;
  request.body_limit = kAnswerLimit;
  GuardedAnswer answer;
  request.sink = [&answer](std::string_view piece) { return answer.take(piece); };
  Result<HttpResponse> response = http.send(request);
  if (!response) return response.error();
  return Exchange{std::move(*response), answer.finish()};
}

bool is_success(const Exchange& exchange) {
  return exchange.response.status >= 200 && exchange.response.status < 300;
}

/// What /oauth/token said. `refusal` is the Hub's own word; a 5xx or a 429 is none, whatever stands
/// in it. Some servers refuse with a 200.
struct TokenAnswer {
  Result<OAuthTokens> tokens;
  std::optional<OAuthRefusal> refusal;
  std::optional<seconds> told;  ///< when to ask again, if the server says so
};

Error refused(const OAuthRefusal& refusal, const char* what) {
  std::string detail = fmt::format("{}: the Hub refuses ({}", what, refusal.code);
  if (!refusal.description.empty()) detail += ": " + refusal.description;
  return {Errc::forbidden, detail + ")"};
}

Error odd_answer(const Exchange& exchange, const char* what) {
  return error_from(exchange.response, read_answer(exchange.response, nullptr),
                    {.what = what, .with_token = false});
}

TokenAnswer token_answer(Result<Exchange> exchange, WallTime now, const char* what) {
  if (!exchange) return {exchange.error(), std::nullopt, std::nullopt};
  if (is_success(*exchange)) {
    Result<OAuthTokens> tokens = read_oauth_tokens(exchange->body, now);
    if (tokens) return {std::move(tokens), std::nullopt, std::nullopt};
    // What was secret in the body is overwritten by now.
    return {tokens.error(), read_oauth_refusal(exchange->body.expose()), std::nullopt};
  }
  const int status = exchange->response.status;
  std::optional<OAuthRefusal> refusal;
  if (status < 500 && status != 429) refusal = read_oauth_refusal(exchange->response.body);
  return {odd_answer(*exchange, what), std::move(refusal), retry_after(exchange->response)};
}

/// Whether the login goes on after `answer`; `interval` grows where the Hub wants that.
bool goes_on(const TokenAnswer& answer, milliseconds& interval) {
  if (!answer.refusal) {
    const Errc code = answer.tokens.error().code;  // all but these may be the network's doing
    return code != Errc::invalid_input && code != Errc::too_large && code != Errc::internal;
  }
  if (answer.refusal->code == "slow_down") interval += kSlowDown;
  return answer.refusal->code == "slow_down" || answer.refusal->code == "authorization_pending";
}

Error timed_out(const std::optional<Error>& last_failure) {
  if (!last_failure)
    return {Errc::expired, "the code has run out before it was entered; begin again"};
  return {Errc::network, "the code has run out, and the Hub could not be reached at the end: " +
                             last_failure->detail};
}

/// The end of a login that brought no token.
Error ended(const TokenAnswer& answer) {
  if (!answer.refusal) return answer.tokens.error();
  if (answer.refusal->code == "expired_token") return timed_out(std::nullopt);
  if (answer.refusal->code == "access_denied")
    return {Errc::denied, "the login was refused in the browser"};
  return refused(*answer.refusal, kWaiting);
}

}  // namespace

std::string oauth_client_id(const Environment& environment) {
  for (const char* name : {"HFAUTH_OAUTH_CLIENT_ID", "HF_DEVICE_CODE_OAUTH_CLIENT_ID"}) {
    if (std::optional<std::string> id = environment.non_empty(name)) return *std::move(id);
  }
  return std::string(kHubDeviceClientId);
}

OAuthClient::OAuthClient(HttpClient& http, token::Endpoint endpoint, std::string user_agent,
                         std::string client_id, Pacing pacing)
    : http_(http),
      endpoint_(std::move(endpoint)),
      user_agent_(std::move(user_agent)),
      client_id_(std::move(client_id)),
      pacing_(std::move(pacing)) {}

Result<DeviceCode> OAuthClient::start_device() {
  constexpr const char* kWhat = "starting the login with a browser";
  const Secret question = form({{"client_id", client_id_}});
  Result<Exchange> exchange = post(http_, endpoint_.url() + "/oauth/device", user_agent_, question);
  if (!exchange) return exchange.error();
  if (!is_success(*exchange)) {
    const int status = exchange->response.status;
    std::optional<OAuthRefusal> refusal;
    if (status == 400 || status == 401) refusal = read_oauth_refusal(exchange->response.body);
    return refusal ? refused(*refusal, kWhat) : odd_answer(*exchange, kWhat);
  }
  return read_device_code(exchange->body, pacing_.clock->monotonic());
}

Result<OAuthTokens> OAuthClient::wait_for_device(const DeviceCode& code) {
  const Secret question = form({{"grant_type", kDeviceGrant},
                                {"device_code", code.device_code.expose()},
                                {"client_id", client_id_}});
  const std::string url = endpoint_.url() + "/oauth/token";
  milliseconds interval = code.interval;
  milliseconds wait = interval;
  std::optional<Error> last_failure;
  while (pacing_.clock->monotonic() + wait < code.ends) {
    pacing_.pause(wait);
    TokenAnswer answer =
        token_answer(post(http_, url, user_agent_, question), pacing_.clock->now(), kWaiting);
    if (answer.tokens) return std::move(answer.tokens);
    if (!goes_on(answer, interval)) return ended(answer);
    last_failure.reset();
    if (!answer.refusal) last_failure = answer.tokens.error();
    wait = interval;
    // One second more: the server's seconds are rounded.
    if (answer.told) wait = std::max<milliseconds>(wait, *answer.told + seconds(1));
  }
  return timed_out(last_failure);
}

Result<OAuthTokens> OAuthClient::refresh(const Secret& refresh_token) {
  constexpr const char* kWhat = "renewing the token";
  const Secret question = form({{"grant_type", "refresh_token"},
                                {"refresh_token", refresh_token.expose()},
                                {"client_id", client_id_}});
  TokenAnswer answer =
      token_answer(post(http_, endpoint_.url() + "/oauth/token", user_agent_, question),
                   pacing_.clock->now(), kWhat);
  if (answer.refusal && answer.refusal->code == "invalid_grant") {
    return Error{Errc::expired,
                 "the Hub does not renew this login any more (it has ended or was revoked)"};
  }
  if (answer.refusal) return refused(*answer.refusal, kWhat);
  if (answer.tokens && answer.tokens->refresh.empty())
    answer.tokens->refresh = refresh_token.clone();
  return std::move(answer.tokens);
}

}  // namespace hfauth::hub
