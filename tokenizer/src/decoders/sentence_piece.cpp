// SPDX-License-Identifier: Apache-2.0
//
// SentencePiece's own way back (version 0.2, sentencepiece_processor.cc, Decode): control symbols
// are invisible, the unknown one has a surface of its own, runs of byte pieces are read as UTF-8,
// and the space that encoding put in front goes.
#include "decoders/decoder.hpp"
#include "unicode/utf8.hpp"

#include <unordered_map>
#include <utility>

namespace hfauth::tokenizer {

namespace {

constexpr std::string_view kMark = "\u2581";
constexpr std::string_view kReplacement = "\uFFFD";

class SentencePieceDecoder final : public Decoder {
 public:
  explicit SentencePieceDecoder(SentencePieceDecoding decoding) : decoding_(std::move(decoding)) {}

  Result<void> apply(std::vector<std::string>& tokens) const override {
    std::string text;
    std::string bytes;
    bool may_strip = true;
    bool has_stripped = false;
    for (const std::string& token : tokens) {
      if (const auto byte = decoding_.bytes.find(token); byte != decoding_.bytes.end()) {
        bytes += byte->second;
        continue;
      }
      flush(bytes, text);
      if (has_stripped || !text.empty()) may_strip = false;
      has_stripped = push(token, may_strip, text);
    }
    flush(bytes, text);
    tokens.clear();
    tokens.push_back(std::move(text));
    return {};
  }

 private:
  /// Each byte that begins no character becomes U+FFFD.
  static void flush(std::string& bytes, std::string& text) {
    std::string_view rest = bytes;
    while (const std::optional<std::size_t> at = unicode::first_invalid(rest)) {
      text += rest.substr(0, *at);
      text += kReplacement;
      rest.remove_prefix(*at + 1);
    }
    text += rest;
    bytes.clear();
  }

  /// Whether a mark was taken off the front.
  bool push(std::string_view token, bool may_strip, std::string& text) const {
    if (decoding_.invisible.contains(std::string(token))) return false;
    if (token == decoding_.unknown) {
      text += decoding_.unknown_surface;
      return false;
    }
    bool stripped = false;
    if (may_strip && (decoding_.add_dummy_prefix || decoding_.remove_extra_whitespaces) &&
        token.starts_with(kMark)) {
      token.remove_prefix(kMark.size());
      stripped = !decoding_.remove_extra_whitespaces;
    }
    text += replaced_all(token, kMark, " ");
    return stripped;
  }

  SentencePieceDecoding decoding_;
};

}  // namespace

DecoderHandle sentence_piece_decoder(SentencePieceDecoding decoding) {
  return std::make_unique<SentencePieceDecoder>(std::move(decoding));
}

}  // namespace hfauth::tokenizer
