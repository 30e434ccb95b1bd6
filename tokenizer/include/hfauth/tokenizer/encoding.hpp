// SPDX-License-Identifier: Apache-2.0
//
// What a tokenizer answers: plain values, owned by the caller. All lists of an Encoding have the
// same length, one entry a token, in the order of the text (byte_offsets only if they were asked
// for).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hfauth::tokenizer {

using TokenId = std::uint32_t;

/// A half-open range of code points (not bytes, not UTF-16 units) of the text that was given.
struct CodePointRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const CodePointRange&, const CodePointRange&) = default;
};

/// A half-open range of bytes of the text that was given.
struct TextByteRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const TextByteRange&, const TextByteRange&) = default;
};

/// One text or pair of texts as tokens. The fields and their values are those of `Encoding` in
/// Hugging Face tokenizers 0.23 as its Python binding shows them.
struct Encoding {
  std::vector<TokenId> ids;
  std::vector<std::string>
      tokens;  ///< as spelled in the vocabulary; an added token as spelled in the text
  std::vector<CodePointRange> offsets;  ///< (0,0) for tokens that the template added
  /// The same places in bytes, widened to whole characters; only filled if EncodeOptions ask.
  std::vector<TextByteRange> byte_offsets;
  std::vector<std::optional<std::uint32_t>>
      word_ids;  ///< index of the pre-token; none for template tokens
  std::vector<std::optional<std::uint32_t>>
      sequence_ids;  ///< 0 text, 1 pair; none for template tokens
  std::vector<std::uint32_t> type_ids;
  std::vector<std::uint8_t> special_tokens_mask;  ///< 1 for template tokens only
  std::vector<std::uint8_t> attention_mask;       ///< 0 for padding only
  /// What the truncation of the tokenizer file cut off, in windows of the same length.
  std::vector<Encoding> overflowing;

  [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }

  friend bool operator==(const Encoding&, const Encoding&) = default;
};

/// A piece of text between pre-tokenization and the model.
struct PreToken {
  std::string text;  ///< as the model sees it (byte-level: in the alphabet of GPT-2)
  CodePointRange range;

  friend bool operator==(const PreToken&, const PreToken&) = default;
};

}  // namespace hfauth::tokenizer
