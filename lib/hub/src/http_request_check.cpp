// SPDX-License-Identifier: Apache-2.0
//
// Byte classes by hand, in ASCII and without the locale. The module checks every request with this,
// so no caller can forget to.
#include "http_request_check.hpp"

#include <algorithm>

namespace hfauth::hub {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                    [](char a, char b) { return a == lower(b); });
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// Printable ASCII without space.
bool is_visible(char c) {
  return c > 0x20 && c < 0x7F;
}

/// tchar of RFC 9110, 5.6.2.
bool is_token_character(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// user:password@host:port
std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

Error refused(std::string detail) {
  return Error{Errc::invalid_input, std::move(detail)};
}

Result<void> check_url(std::string_view url) {
  if (!is_http_or_https(url)) return refused("the URL is not an http or https one");
  if (!std::all_of(url.begin(), url.end(), is_visible)) {
    return refused("the URL of " + host_of(url) +
                   " holds a space, a control character or bytes that are not ASCII");
  }
  if (authority_of(url).find('@') != std::string_view::npos) {
    return refused("the URL of " + host_of(url) +
                   " holds a user name: a token is never sent that way");
  }
  if (host_of(url).empty()) return refused("the URL names no host");
  return {};
}

Result<void> check_header(const HttpHeader& header) {
  if (header.name.empty() ||
      !std::all_of(header.name.begin(), header.name.end(), is_token_character)) {
    return refused("a header's name holds a character that HTTP does not allow");
  }
  if (header.name.size() == 13 && starts_with_any_case(header.name, "authorization")) {
    return refused("Authorization is sent through HttpRequest::bearer alone");
  }
  if (std::any_of(header.value.begin(), header.value.end(), is_control)) {
    return refused("the header " + header.name +
                   " holds a line break or another control character");
  }
  return {};
}

}  // namespace

bool is_https(std::string_view url) {
  return starts_with_any_case(url, "https://");
}

bool is_http_or_https(std::string_view url) {
  return is_https(url) || starts_with_any_case(url, "http://");
}

std::string host_of(std::string_view url) {
  std::string_view authority = authority_of(url);
  if (const auto user = authority.rfind('@'); user != std::string_view::npos)
    authority.remove_prefix(user + 1);
  if (authority.starts_with('[')) {
    authority = authority.substr(
        0, authority.find(']') == std::string_view::npos ? 0 : authority.find(']') + 1);
  } else {
    authority = authority.substr(0, authority.find(':'));
  }
  std::string host;
  for (const char c : authority) {
    if (!is_control(c)) host += lower(c);
  }
  return host;
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]" || host.ends_with(".localhost")) return true;
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

Result<void> check_request(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
    return refused("the method is none of GET, HEAD, POST");
  }
  if (Result<void> url = check_url(request.url); !url) return url;
  for (const HttpHeader& header : request.headers) {
    if (Result<void> checked = check_header(header); !checked) return checked;
  }
  if (request.bearer != nullptr) {
    const std::string_view token = request.bearer->expose();
    if (token.empty()) return refused("the token is empty");
    if (!std::all_of(token.begin(), token.end(), is_visible)) {
      return refused(
          "the token holds a space, a line break or a character that an HTTP header cannot carry");
    }
  }
  return {};
}

}  // namespace hfauth::hub
