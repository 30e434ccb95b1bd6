// SPDX-License-Identifier: Apache-2.0
//
// Origins by RFC 3986 and RFC 6454, as strictly as a token's destination deserves.
#include "hfauth/token/endpoint.hpp"

#include "hfauth/core/ascii.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace hfauth::token {
namespace {

constexpr std::string_view kHub = "https://huggingface.co";
constexpr std::string_view kStaging = "https://hub-ci.huggingface.co";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), ascii::lower);
  return result;
}

Error fault(std::string_view what) {
  return {Errc::invalid_input, "not the URL of a Hub: " + std::string(what)};
}

struct Origin {
  std::string scheme;
  std::string host;  // lower case; an IPv6 address with its brackets
  int port = 0;      // 0: the scheme's own
};

bool is_host_character(char c) {
  return ascii::is_alnum(c) || c == '.' || c == '-' || c == '_';
}

bool is_host(std::string_view host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const std::string_view address = host.substr(1, host.size() - 2);
    return std::all_of(address.begin(), address.end(), [](char c) {
      return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
    });
  }
  return !host.empty() && host.front() != '.' && host.front() != '-' &&
         std::all_of(host.begin(), host.end(), is_host_character);
}

/// "host", "host:8080", "[::1]:8080".
Result<Origin> parse_authority(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos)
    return fault("it holds a user name; leave that out");
  Origin origin;
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  origin.host = lower(authority.substr(0, colon));
  if (!is_host(origin.host)) return fault("the host name is missing or malformed");
  if (colon != std::string_view::npos) {
    const std::string_view digits = authority.substr(colon + 1);
    const auto [end, code] =
        std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
    if (code != std::errc{} || end != digits.data() + digits.size() || origin.port < 1 ||
        origin.port > 65535) {
      return fault("the port is not a number from 1 to 65535");
    }
  }
  return origin;
}

/// The origin of any absolute http or https URL; what follows the authority is left in `rest`.
Result<Origin> parse_origin(std::string_view url, std::string_view& rest) {
  const std::size_t mark = url.find("://");
  const std::string scheme = mark == std::string_view::npos ? "" : lower(url.substr(0, mark));
  if (scheme != "https" && scheme != "http") return fault("it must begin with https://");
  const std::string_view after = url.substr(mark + 3);
  const std::size_t end = after.find_first_of("/?#");
  Result<Origin> origin = parse_authority(after.substr(0, end));
  if (!origin) return origin.error();
  rest = end == std::string_view::npos ? std::string_view{} : after.substr(end);
  origin->scheme = scheme;
  if (origin->port == (scheme == "https" ? 443 : 80)) origin->port = 0;
  return origin;
}

std::string format(const Origin& origin) {
  return origin.scheme + "://" + origin.host +
         (origin.port == 0 ? "" : ":" + std::to_string(origin.port));
}

bool is_loopback_host(std::string_view host) noexcept {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
          host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

Endpoint Endpoint::hub() {
  return Endpoint(std::string(kHub));
}

Result<Endpoint> Endpoint::parse(std::string_view url, bool allow_plain_http) {
  std::string_view rest;
  const Result<Origin> origin = parse_origin(url, rest);
  if (!origin) return origin.error();
  if (rest.find_first_not_of('/') != std::string_view::npos) {
    return fault("nothing may follow the host; leave out the path");
  }
  if (origin->scheme == "http" && !allow_plain_http && !is_loopback_host(origin->host)) {
    return fault("a token would travel unencrypted; use https://");
  }
  return Endpoint(format(*origin));
}

Result<Endpoint> Endpoint::from(const Environment& environment) {
  if (environment.is_true("HUGGINGFACE_CO_STAGING")) return Endpoint(std::string(kStaging));
  if (const auto set = environment.non_empty("HF_ENDPOINT")) {
    Result<Endpoint> endpoint = parse(*set, environment.is_true("HFAUTH_ALLOW_PLAIN_HTTP"));
    if (!endpoint) return Error{Errc::usage, "HF_ENDPOINT: " + endpoint.error().detail};
    return endpoint;
  }
  return hub();
}

std::string_view Endpoint::host() const noexcept {
  const std::string_view authority = std::string_view(url_).substr(url_.find("://") + 3);
  const std::size_t bracket = authority.rfind(']');
  return authority.substr(0, authority.find(':', bracket == std::string_view::npos ? 0 : bracket));
}

bool Endpoint::is_loopback() const noexcept {
  return is_loopback_host(host());
}

bool Endpoint::is_official() const noexcept {
  return url_ == kHub || url_ == "https://hf.co";
}

bool Endpoint::is_origin_of(std::string_view url) const {
  std::string_view rest;
  const Result<Origin> origin = parse_origin(url, rest);
  return origin && format(*origin) == url_;
}

}  // namespace hfauth::token
