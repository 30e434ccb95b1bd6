// SPDX-License-Identifier: Apache-2.0
//
// From token spellings back to text. Each kind is a class of its own file;
// formats/decoder_json.cpp builds them. Objects are immutable.
#pragma once

#include "hfauth/tokenizer/error.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hfauth::tokenizer {

class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  Decoder(Decoder&&) = delete;
  Decoder& operator=(Decoder&&) = delete;
  virtual ~Decoder() = default;

  /// Rewrites the spellings, one step of several. Errors: regex_limit.
  [[nodiscard]] virtual Result<void> apply(std::vector<std::string>& tokens) const = 0;

  /// The text of `tokens`: what apply makes of them, side by side.
  [[nodiscard]] virtual Result<std::string> decode(std::span<const std::string_view> tokens) const;
};

using DecoderHandle = std::unique_ptr<const Decoder>;

/// Bytes behind the byte-level alphabet.
[[nodiscard]] DecoderHandle byte_level_decoder();
/// <0xXX> back to bytes.
[[nodiscard]] DecoderHandle byte_fallback_decoder();
/// `suffix` back to a space.
[[nodiscard]] DecoderHandle bpe_decoder(std::string suffix);
/// Repeated tokens and padding out; with `cleanup`, delimiters back to spaces.
[[nodiscard]] DecoderHandle ctc_decoder(std::string pad_token, std::string delimiter, bool cleanup);
/// All tokens into one.
[[nodiscard]] DecoderHandle fuse_decoder();
[[nodiscard]] DecoderHandle metaspace_decoder(MetaspaceOptions options);
[[nodiscard]] DecoderHandle replace_decoder(std::unique_ptr<const Pattern> pattern,
                                            std::string content);

/// What the decoder of a SentencePiece model knows of its pieces, by spelling.
struct SentencePieceDecoding {
  std::unordered_set<std::string> invisible = {};    ///< control symbols
  std::unordered_map<std::string, char> bytes = {};  ///< byte pieces
  std::string unknown = "<unk>";
  std::string unknown_surface = {};
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
};

[[nodiscard]] DecoderHandle sentence_piece_decoder(SentencePieceDecoding decoding);
[[nodiscard]] DecoderHandle sequence_decoder(std::vector<DecoderHandle> stages);
/// Up to `n_begin` and `n_end` times the character `content` off the ends of each token.
[[nodiscard]] DecoderHandle strip_decoder(std::string content, std::size_t n_begin,
                                          std::size_t n_end);
/// Spaces between words, none in front of what begins with `prefix`.
[[nodiscard]] DecoderHandle word_piece_decoder(std::string prefix, bool cleanup);

/// The text of `tokens`; without a decoder, they are joined by spaces.
[[nodiscard]] Result<std::string> decode_tokens(const Decoder* decoder,
                                                std::span<const std::string_view> tokens);

/// Takes out the spaces that tokenizing put in front of punctuation and English contractions.
[[nodiscard]] std::string without_artifacts(std::string_view text);

/// `text` with `to` in place of each `from`, which is not empty.
[[nodiscard]] std::string replaced_all(std::string_view text, std::string_view from,
                                       std::string_view to);

}  // namespace hfauth::tokenizer
