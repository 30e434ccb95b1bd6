// SPDX-License-Identifier: Apache-2.0
//
// Written by hand because libcurl's URL interface lives in the network module, and redirects are
// judged on the program's side.
#include "url.hpp"

#include "http_request_check.hpp"

#include <algorithm>

namespace hfauth::hub {
namespace {

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

/// The end of "scheme:", or 0 if the reference is relative.
std::size_t scheme_end(std::string_view reference) {
  const auto colon = reference.find_first_of(":/?#");
  return colon == std::string_view::npos || reference[colon] != ':' ? 0 : colon + 1;
}

}  // namespace

std::string percent_encode(std::string_view text, bool keep_slash) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 0xFU];
  }
  return encoded;
}

std::optional<std::string> resolve_reference(std::string_view base, std::string_view reference) {
  const auto is_bad = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\';
  };
  if (reference.empty() || std::any_of(reference.begin(), reference.end(), is_bad))
    return std::nullopt;
  reference = reference.substr(0, reference.find('#'));
  if (scheme_end(reference) > 0) {
    if (!is_http_or_https(reference)) return std::nullopt;
    return host_of(reference).empty() ? std::nullopt : std::optional<std::string>(reference);
  }
  const auto authority = base.find("://");
  if (authority == std::string_view::npos) return std::nullopt;
  if (reference.starts_with("//"))
    return std::string(base.substr(0, authority + 1)) + std::string(reference);
  const auto path = std::min(base.find_first_of("/?#", authority + 3), base.size());
  if (reference.starts_with('/')) return std::string(base.substr(0, path)) + std::string(reference);
  const std::string_view whole =
      base.substr(0, std::min(base.find_first_of("?#", path), base.size()));
  if (reference.starts_with('?')) return std::string(whole) + std::string(reference);
  const auto slash = whole.rfind('/');
  if (slash == std::string_view::npos || slash < path)
    return std::string(base.substr(0, path)) + "/" + std::string(reference);
  return std::string(whole.substr(0, slash + 1)) + std::string(reference);
}

bool is_downgrade(std::string_view from, std::string_view to) {
  return is_https(from) && !is_https(to);
}

std::string without_query(std::string_view url) {
  return std::string(url.substr(0, url.find_first_of("?#")));
}

}  // namespace hfauth::hub
