// SPDX-License-Identifier: Apache-2.0
//
// The byte-level alphabet of GPT-2: 256 printable characters, one for each byte, so that a
// vocabulary of arbitrary bytes can be written as text. '!'..'~', U+00A1..AC and U+00AE..FF stand
// for themselves; the other 68 bytes, in order, are U+0100..0143. (openai/gpt-2 encoder.py,
// bytes_to_unicode.)
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hfauth::tokenizer::byte_alphabet {

/// One past the largest character of the alphabet.
inline constexpr char32_t kEnd = 0x144;

constexpr bool stands_for_itself(unsigned byte) noexcept {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr std::array<char16_t, 256> make_characters() noexcept {
  std::array<char16_t, 256> characters{};
  char16_t next = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    characters[byte] = stands_for_itself(byte) ? static_cast<char16_t>(byte) : next++;
  }
  return characters;
}

inline constexpr std::array<char16_t, 256> kCharacters = make_characters();

/// How many bytes of UTF-8 the character for `byte` takes: 1 or 2.
[[nodiscard]] constexpr std::uint32_t encoded_length(char byte) noexcept {
  return kCharacters[static_cast<unsigned char>(byte)] < 0x80 ? 1 : 2;
}

/// Appends the spelling of `bytes` in the alphabet.
void append_spelling(std::string& out, std::string_view bytes);

/// `piece` as a vocabulary spells it: itself, or with `byte_level` its spelling, which is put into
/// `buffer` in the place of what was there.
[[nodiscard]] std::string_view spelled(std::string_view piece, bool byte_level,
                                       std::string& buffer);

/// Appends the bytes that `spelling` (valid UTF-8) stands for; false, with `out` unchanged, if it
/// has a character outside the alphabet.
[[nodiscard]] bool append_bytes(std::string& out, std::string_view spelling);

}  // namespace hfauth::tokenizer::byte_alphabet
