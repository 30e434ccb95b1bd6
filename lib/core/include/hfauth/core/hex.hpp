// SPDX-License-Identifier: Apache-2.0
//
// Hexadecimal digits as protocols, hashes and git write them. Bytes become digits by crypto::hex().
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hfauth::hex {

/// In the order of their values; the case in which we, git and the Hub write them.
inline constexpr std::string_view kDigits = "0123456789abcdef";

/// 0 to 15, in either case.
[[nodiscard]] constexpr std::optional<std::uint32_t> digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

/// What one to eight digits in either case stand for; nullopt for anything else.
[[nodiscard]] constexpr std::optional<std::uint32_t> value(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > 8) return std::nullopt;
  std::uint32_t sum = 0;
  for (const char c : digits) {
    const std::optional<std::uint32_t> one = digit(c);
    if (!one) return std::nullopt;
    sum = sum << 4U | *one;
  }
  return sum;
}

/// Whether `text` is `n_digits` digits of lower case.
[[nodiscard]] constexpr bool is_lower(std::string_view text, std::size_t n_digits) noexcept {
  return text.size() == n_digits && text.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace hfauth::hex
