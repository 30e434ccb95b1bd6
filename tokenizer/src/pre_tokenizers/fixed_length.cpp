// SPDX-License-Identifier: Apache-2.0
//
// FixedLength: a cut every so many characters.
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "unicode/utf8.hpp"

namespace hfauth::tokenizer {

namespace {

class FixedLength final : public PreTokenizer {
 public:
  explicit FixedLength(std::size_t length) : length_(length) {}

  Result<void> cut(const Piece& piece, PieceList& out) const override {
    const Piece whole = spelled_out(piece, out);
    for (std::size_t begin = 0; begin < whole.text.size();) {
      std::size_t end = begin;
      for (std::size_t i = 0; i < length_ && end < whole.text.size(); ++i)
        end += unicode::decode_at(whole.text, end).n_bytes;
      out.pieces.push_back(
          whole.slice({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}));
      begin = end;
    }
    return {};
  }

 private:
  std::size_t length_;
};

}  // namespace

std::unique_ptr<const PreTokenizer> fixed_length_pre_tokenizer(std::size_t length) {
  return std::make_unique<FixedLength>(length);
}

}  // namespace hfauth::tokenizer
