// SPDX-License-Identifier: Apache-2.0
//
// Steps over UTF-8. Functions that take "valid" text rely on it for their answer but never read
// outside the view, so that a mistake elsewhere cannot become an overrun.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::tokenizer::unicode {

struct Decoded {
  char32_t code_point;
  std::uint32_t n_bytes;  ///< at least 1
};

[[nodiscard]] constexpr bool is_continuation(char byte) noexcept {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The character that begins at `at` < text.size() of valid text.
[[nodiscard]] inline Decoded decode_at(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) -> char32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) & 0x3FU : 0U;
  };
  const auto first = static_cast<unsigned char>(text[at]);
  const auto left = static_cast<std::uint32_t>(text.size() - at < 4 ? text.size() - at : 4);
  const auto clamp = [left](std::uint32_t n) { return n < left ? n : left; };
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {((first & 0x1FU) << 6U) | byte(1), clamp(2)};
  if (first < 0xF0) return {((first & 0x0FU) << 12U) | (byte(1) << 6U) | byte(2), clamp(3)};
  return {((first & 0x07U) << 18U) | (byte(1) << 12U) | (byte(2) << 6U) | byte(3), clamp(4)};
}

/// Where the character that ends before `end` > 0 of valid text begins.
[[nodiscard]] inline std::size_t previous(std::string_view text, std::size_t end) noexcept {
  --end;
  while (end > 0 && is_continuation(text[end]))
    --end;
  return end;
}

/// Number of code points in valid text.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

/// The byte offset of the first byte that is not well-formed UTF-8, or nullopt.
[[nodiscard]] std::optional<std::size_t> first_invalid(std::string_view bytes) noexcept;

/// Each maximal invalid part becomes one U+FFFD (Unicode 16, chapter 3.9; as Rust's
/// from_utf8_lossy).
[[nodiscard]] std::string make_valid(std::string_view bytes);

void append(std::string& out, char32_t code_point);

}  // namespace hfauth::tokenizer::unicode
