// SPDX-License-Identifier: Apache-2.0
//
// An Encoding in the making, on its way through truncation, post-processing and padding. The rules
// for what happens to the parts that truncation cut off are those of tokenizers 0.23,
// tokenizer/encoding.rs.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

enum class Side : std::uint8_t { left, right };

struct Draft {
  struct TokenRange {
    std::size_t begin;
    std::size_t end;
  };

  Encoding encoding;  ///< without sequence ids and overflowing parts
  std::array<std::optional<TokenRange>, 2> sequences;  ///< which tokens are of text and of pair
  std::vector<Draft> overflowing;

  [[nodiscard]] std::size_t size() const noexcept { return encoding.size(); }
};

/// Makes room for about `n_tokens`.
void reserve(Encoding& encoding, std::size_t n_tokens);

/// Appends a token of type 0, attention 1, special 0.
void push_token(Encoding& encoding, TokenId id, std::string_view token, CodePointRange range,
                std::optional<std::uint32_t> word);

/// Appends all tokens of `tail`. Each part that was cut off from one side is continued by the other
/// side and by each of the parts cut off from that.
void append(Draft& head, Draft&& tail);

/// Makes every token one of sequence `index`.
void set_sequence(Draft& draft, std::uint32_t index);

/// Keeps `max_length` tokens, those at the end if `side` is left, and makes overflowing parts of
/// the rest: windows of `max_length` that share `stride` tokens with the one before. Without effect
/// if there are no more tokens than that. `stride` is less than `max_length`, unless that is 0:
/// then all is one overflowing part.
void truncate(Draft& draft, std::size_t max_length, std::size_t stride, Side side);

struct PadToken {
  TokenId id = 0;
  std::uint32_t type_id = 0;
  std::string token = "[PAD]";
};

/// Fills up to `length` tokens at `side`, the overflowing parts too.
void pad(Draft& draft, std::size_t length, const PadToken& with, Side side);

/// The Encoding, complete.
[[nodiscard]] Encoding finish(Draft&& draft);

}  // namespace hfauth::tokenizer
