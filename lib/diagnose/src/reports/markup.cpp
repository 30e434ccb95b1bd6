// SPDX-License-Identifier: Apache-2.0
#include "markup.hpp"

#include "hfauth/core/mask.hpp"
#include "hfauth/core/utf8.hpp"

namespace hfauth::diagnose {

std::string in_markup(std::string_view text) {
  std::string escaped;
  for (const char c : utf8::visible(redact(text))) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace hfauth::diagnose
