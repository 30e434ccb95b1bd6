// SPDX-License-Identifier: Apache-2.0
//
// ByteLevel as a decoder (tokenizers 0.23, pre_tokenizers/byte_level.rs, decode_chain).
#include "byte_alphabet.hpp"
#include "decoders/decoder.hpp"
#include "unicode/utf8.hpp"

namespace hfauth::tokenizer {

namespace {

class ByteLevel final : public Decoder {
 public:
  Result<void> apply(std::vector<std::string>& tokens) const override {
    std::string bytes;
    for (const std::string& token : tokens)
      append_token(bytes, token);
    tokens.assign(1, unicode::make_valid(bytes));
    return {};
  }

  [[nodiscard]] Result<std::string> decode(
      std::span<const std::string_view> tokens) const override {
    std::string bytes;
    for (const std::string_view token : tokens)
      append_token(bytes, token);
    return unicode::make_valid(bytes);
  }

 private:
  /// A token with any character outside the alphabet, such as an added one, stands for its UTF-8.
  static void append_token(std::string& bytes, std::string_view token) {
    if (!byte_alphabet::append_bytes(bytes, token)) bytes += token;
  }
};

}  // namespace

DecoderHandle byte_level_decoder() {
  return std::make_unique<ByteLevel>();
}

}  // namespace hfauth::tokenizer
