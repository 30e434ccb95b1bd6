// SPDX-License-Identifier: Apache-2.0
//
// ByteLevel: an optional leading space, an optional cut by the pattern of GPT-2, and the spelling
// of bytes in the byte-level alphabet. The spelling is only noted on the piece: bytes and
// characters correspond one to one, so the model can look at the bytes. (tokenizers 0.23,
// pre_tokenizers/byte_level.rs.)
#include "byte_alphabet.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "unicode/utf8.hpp"

namespace hfauth::tokenizer {

namespace {

/// `piece` with a space in front that shares the place of the first character.
Piece with_space_in_front(const Piece& piece, PieceList& home) {
  std::vector<ByteRange> alignment;
  alignment.reserve(piece.text.size() + 1);
  alignment.push_back(piece.original_range(0, 1));
  for (std::uint32_t i = 0; i < piece.text.size(); ++i)
    alignment.push_back(piece.original_range(i, i + 1));
  return home.keep(" " + std::string(piece.text), std::move(alignment));
}

class ByteLevel final : public PreTokenizer {
 public:
  explicit ByteLevel(ByteLevelOptions options) : options_(options) {}

  Result<void> cut(const Piece& piece, PieceList& out) const override {
    Piece whole = spelled_out(piece, out);
    if (options_.add_prefix_space && !whole.text.starts_with(' '))
      whole = with_space_in_front(whole, out);
    whole.byte_level = true;
    if (!options_.use_regex) {
      out.pieces.push_back(whole);
      return {};
    }
    for (std::size_t at = 0; at < whole.text.size();) {
      const std::size_t end = scan_gpt2(whole.text, at);
      out.pieces.push_back(
          whole.slice({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)}));
      at = end;
    }
    return {};
  }

  [[nodiscard]] PreTokenizerShape shape() const override { return {options_}; }

 private:
  ByteLevelOptions options_;
};

}  // namespace

std::unique_ptr<const PreTokenizer> byte_level_pre_tokenizer(ByteLevelOptions options) {
  return std::make_unique<ByteLevel>(options);
}

Piece spelled_out(const Piece& piece, PieceList& home) {
  if (!piece.byte_level) return piece;
  std::string text;
  byte_alphabet::append_spelling(text, piece.text);
  std::vector<ByteRange> alignment;
  alignment.reserve(text.size());
  for (std::uint32_t i = 0; i < piece.text.size(); ++i) {
    alignment.insert(alignment.end(), byte_alphabet::encoded_length(piece.text[i]),
                     piece.original_range(i, i + 1));
  }
  return home.keep(std::move(text), std::move(alignment));
}

}  // namespace hfauth::tokenizer
