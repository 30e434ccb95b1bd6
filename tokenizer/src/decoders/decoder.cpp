// SPDX-License-Identifier: Apache-2.0
//
// The decoders (tokenizers 0.23, tokenizer/mod.rs decode, pre_tokenizers/byte_level.rs
// decode_chain).
#include "decoders/decoder.hpp"

#include "byte_alphabet.hpp"
#include "unicode/utf8.hpp"

namespace hfauth::tokenizer {

namespace {

std::string join_with_spaces(std::span<const std::string_view> tokens) {
  std::string text;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) text += ' ';
    text += tokens[i];
  }
  return text;
}

/// A token with any character outside the alphabet, such as an added one, stands for its own UTF-8.
std::string join_bytes(std::span<const std::string_view> tokens) {
  std::string bytes;
  for (const std::string_view token : tokens) {
    if (!byte_alphabet::append_bytes(bytes, token)) bytes += token;
  }
  return unicode::make_valid(bytes);
}

}  // namespace

std::string decode_tokens(Decoder decoder, std::span<const std::string_view> tokens) {
  return decoder == Decoder::byte_level ? join_bytes(tokens) : join_with_spaces(tokens);
}

}  // namespace hfauth::tokenizer
