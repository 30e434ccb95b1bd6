// SPDX-License-Identifier: Apache-2.0
//
// Base64, decoded strictly: four characters at a time, padding only at the end, no left-over bits.
#include "formats/base64.hpp"

#include <array>
#include <cstdint>

namespace hfauth::tokenizer {

namespace {

constexpr std::uint8_t kNoDigit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() noexcept {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  std::uint8_t value = 0;
  for (const char digit : kAlphabet)
    digits[static_cast<unsigned char>(digit)] = value++;
  return digits;
}

constexpr std::array<std::uint8_t, 256> kDigits = make_digits();

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t n_digits = text.size();
  while (n_digits > 0 && text.size() - n_digits < 2 && text[n_digits - 1] == '=')
    --n_digits;
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned n_bits = 0;
  for (const char c : text.substr(0, n_digits)) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(c)];
    if (digit == kNoDigit) return std::nullopt;
    bits = (bits << 6U) | digit;
    n_bits += 6;
    if (n_bits < 8) continue;
    n_bits -= 8;
    bytes += static_cast<char>(static_cast<unsigned char>(bits >> n_bits));
    bits &= (1U << n_bits) - 1;
  }
  if (bits != 0) return std::nullopt;
  return bytes;
}

}  // namespace hfauth::tokenizer
