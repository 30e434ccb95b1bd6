// SPDX-License-Identifier: Apache-2.0
//
// Letters of protocols: ASCII by definition, whatever the user's locale. The functions of <cctype>
// follow it: in Turkish, tolower('I') is no 'i', and a host name or a header's name is missed.
#pragma once

namespace hfauth::ascii {

[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

[[nodiscard]] constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

/// Space, tab, newline, vertical tab, form feed, carriage return.
[[nodiscard]] constexpr bool is_space(char c) noexcept {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

[[nodiscard]] constexpr bool is_alnum(char c) noexcept {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

}  // namespace hfauth::ascii
