// SPDX-License-Identifier: Apache-2.0
//
// What of the HTTP types is the program's own; the exchange itself is in the network module
// (curl_http_client.cpp).
#include "hfauth/hub/http_client.hpp"

#include <algorithm>

namespace hfauth::hub {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::optional<std::string_view> HttpResponse::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const HttpHeader& header) {
    return same_name(header.name, name);
  });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

}  // namespace hfauth::hub
