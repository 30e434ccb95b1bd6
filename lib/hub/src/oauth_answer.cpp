// SPDX-License-Identifier: Apache-2.0
//
// A field of another type than expected counts as absent; numbers are kept within bounds that make
// sense, because a login must neither end at once nor wait for a year on a server's slip.
#include "oauth_answer.hpp"

#include "hfauth/core/mask.hpp"
#include "hfauth/core/secret_json.hpp"
#include "http_request_check.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hfauth::hub {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kLongestToken = 8192;    // as the agent takes it; the Hub's have under 2 KiB
constexpr std::size_t kLongestUserCode = 64;   // the Hub's have 9 characters
constexpr std::size_t kLongestAddress = 2048;  // of a URL that people are to open
constexpr std::size_t kLongestWords = 300;
constexpr seconds kDeviceLifetime{900};          // if the Hub does not say (huggingface_hub 1.29)
constexpr seconds kLongestLifetime{3600};        // of a code that a person is to enter
constexpr milliseconds kDefaultInterval{5000};   // RFC 8628 §3.5
constexpr milliseconds kShortestInterval{100};   // a Hub that says 0 is not asked without pause
constexpr milliseconds kLongestInterval{60000};  // nobody wants to wait longer for the answer
constexpr std::int64_t kLongestYears = 100;      // of a token: keeps the date within its type

Error not_the_hubs(const char* what) {
  return {Errc::network, std::string("the answer to the login is not the Hub's: ") + what};
}

bool is_visible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string one_line(std::string text) {
  text.resize(std::min(text.size(), kLongestWords));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, ' ');
  return redact(text);
}

std::string text(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> number(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  if (found->is_number_float()) {
    const double value = found->get<double>();
    if (!(value >= 0 && value < 1e15)) return std::nullopt;
    return static_cast<std::int64_t>(value);
  }
  return found->get<std::int64_t>();
}

seconds bounded(std::optional<std::int64_t> value, seconds otherwise, seconds longest) {
  if (!value || *value <= 0) return otherwise;
  return seconds(std::min<std::int64_t>(*value, longest.count()));
}

milliseconds interval_of(const json& root) {
  const auto found = root.find("interval");
  if (found == root.end() || !found->is_number()) return kDefaultInterval;
  const double told = found->get<double>();
  if (!(told >= 0)) return kDefaultInterval;
  const double longest = std::chrono::duration<double>(kLongestInterval).count();
  const auto interval = std::chrono::duration_cast<milliseconds>(
      std::chrono::duration<double>(std::min(told, longest)));
  return std::max(interval, kShortestInterval);
}

/// An address that may be shown to people and handed to a browser.
bool is_address(const std::string& url) {
  return is_http_or_https(url) && !host_of(url).empty() && url.size() <= kLongestAddress &&
         is_visible(url);
}

/// Empty if there is none that could be sent. Errors: network (no JSON; nothing may go to the
/// ordinary reader then, because a secret may still be in it).
Result<Secret> take_token(Secret& body, std::string_view name) {
  Result<Secret> token = take_secret_string(body.writable(), {name});
  if (!token && token.error().code != Errc::not_found) return not_the_hubs("it is no JSON object");
  if (!token || token->size() > kLongestToken || !is_visible(token->expose())) return Secret();
  return token;
}

}  // namespace

std::optional<OAuthRefusal> read_oauth_refusal(std::string_view body) {
  const json root = json::parse(body, nullptr, false);
  if (!root.is_object()) return std::nullopt;
  OAuthRefusal refusal{one_line(text(root, "error")), one_line(text(root, "error_description"))};
  if (refusal.code.empty()) return std::nullopt;
  return refusal;
}

Result<DeviceCode> read_device_code(Secret& body, MonotonicTime now) {
  DeviceCode code;
  Result<Secret> device_code = take_token(body, "device_code");
  if (!device_code) return device_code.error();
  code.device_code = std::move(*device_code);
  const json root = json::parse(body.expose(), nullptr, false);
  if (!root.is_object()) return not_the_hubs("it is no JSON object");
  if (code.device_code.empty()) return not_the_hubs("it holds no device code");
  code.user_code = text(root, "user_code");
  if (code.user_code.empty() || code.user_code.size() > kLongestUserCode ||
      !is_visible(code.user_code)) {
    return not_the_hubs("it holds no code to enter");
  }
  code.verification_uri = text(root, "verification_uri");
  if (!is_address(code.verification_uri)) return not_the_hubs("it holds no address to open");
  code.verification_uri_full = text(root, "verification_uri_complete");
  if (!is_address(code.verification_uri_full)) code.verification_uri_full.clear();
  code.ends = now + bounded(number(root, "expires_in"), kDeviceLifetime, kLongestLifetime);
  code.interval = interval_of(root);
  return code;
}

Result<OAuthTokens> read_oauth_tokens(Secret& body, WallTime now) {
  OAuthTokens tokens;
  Result<Secret> access = take_token(body, "access_token");
  if (!access) return access.error();
  Result<Secret> refresh = take_token(body, "refresh_token");
  if (!refresh) return refresh.error();
  tokens.access = std::move(*access);
  tokens.refresh = std::move(*refresh);
  const json root = json::parse(body.expose(), nullptr, false);
  if (!root.is_object()) return not_the_hubs("it is no JSON object");
  if (tokens.access.empty()) return not_the_hubs("it holds no token");
  std::string type = text(root, "token_type");
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (!type.empty() && type != "bearer") return not_the_hubs("its token is of an unknown type");
  const std::optional<std::int64_t> lifetime = number(root, "expires_in");
  constexpr std::int64_t kLongest = kLongestYears * 366 * 86400;
  if (lifetime && *lifetime > 0) tokens.expires = now + seconds(std::min(*lifetime, kLongest));
  return tokens;
}

}  // namespace hfauth::hub
