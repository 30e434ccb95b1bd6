// SPDX-License-Identifier: Apache-2.0
//
// ByteFallback: a run of tokens <0xXX> becomes the text that its bytes spell, or, if they are not
// UTF-8, one U+FFFD a byte.
#include "decoders/decoder.hpp"
#include "unicode/utf8.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace hfauth::tokenizer {

namespace {

std::optional<char> byte_of(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || !token.ends_with('>')) return std::nullopt;
  // As Rust's parser has it, a plus sign may stand in front of one digit.
  const std::string_view digits = token.substr(token[3] == '+' ? 4 : 3, token[3] == '+' ? 1 : 2);
  unsigned value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (code != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return static_cast<char>(static_cast<unsigned char>(value));
}

class ByteFallback final : public Decoder {
 public:
  Result<void> apply(std::vector<std::string>& tokens) const override {
    std::vector<std::string> out;
    std::string bytes;
    const auto flush = [&] {
      if (bytes.empty()) return;
      if (unicode::first_invalid(bytes)) {
        out.insert(out.end(), bytes.size(), "\uFFFD");
      } else {
        out.push_back(bytes);
      }
      bytes.clear();
    };
    for (std::string& token : tokens) {
      if (const std::optional<char> byte = byte_of(token)) {
        bytes += *byte;
        continue;
      }
      flush();
      out.push_back(std::move(token));
    }
    flush();
    tokens = std::move(out);
    return {};
  }
};

}  // namespace

DecoderHandle byte_fallback_decoder() {
  return std::make_unique<ByteFallback>();
}

}  // namespace hfauth::tokenizer
