// SPDX-License-Identifier: Apache-2.0
//
// Both directions of the byte-level alphabet.
#include "byte_alphabet.hpp"

#include "unicode/utf8.hpp"

namespace hfauth::tokenizer::byte_alphabet {

namespace {

constexpr std::int16_t kNoByte = -1;

constexpr std::array<std::int16_t, kEnd> make_bytes() noexcept {
  std::array<std::int16_t, kEnd> bytes{};
  bytes.fill(kNoByte);
  for (unsigned byte = 0; byte < 256; ++byte)
    bytes[kCharacters[byte]] = static_cast<std::int16_t>(byte);
  return bytes;
}

constexpr std::array<std::int16_t, kEnd> kBytes = make_bytes();

}  // namespace

void append_spelling(std::string& out, std::string_view bytes) {
  const std::size_t old_size = out.size();
  out.resize(old_size + 2 * bytes.size());
  char* to = out.data() + old_size;
  for (const char byte : bytes) {
    const unsigned character = kCharacters[static_cast<unsigned char>(byte)];
    if (character < 0x80) {
      *to++ = static_cast<char>(character);
    } else {
      *to++ = static_cast<char>(static_cast<unsigned char>(0xC0U | (character >> 6U)));
      *to++ = static_cast<char>(static_cast<unsigned char>(0x80U | (character & 0x3FU)));
    }
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

std::string_view spelled(std::string_view piece, bool byte_level, std::string& buffer) {
  if (!byte_level) return piece;
  buffer.clear();
  append_spelling(buffer, piece);
  return buffer;
}

bool append_bytes(std::string& out, std::string_view spelling) {
  const std::size_t old_size = out.size();
  for (std::size_t at = 0; at < spelling.size();) {
    const unicode::Decoded next = unicode::decode_at(spelling, at);
    if (next.code_point >= kEnd || kBytes[next.code_point] == kNoByte) {
      out.resize(old_size);
      return false;
    }
    out += static_cast<char>(static_cast<unsigned char>(kBytes[next.code_point]));
    at += next.n_bytes;
  }
  return true;
}

}  // namespace hfauth::tokenizer::byte_alphabet
