// SPDX-License-Identifier: Apache-2.0
//
// UnicodeScripts: a cut where the script changes. Japanese counts as one script; spaces and code
// points without a script belong to what is before them. What stands before the first character
// with a script is lost, as in the reference (tokenizers 0.23, pre_tokenizers/unicode_scripts).
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "unicode/mappings.hpp"
#include "unicode/utf8.hpp"

namespace hfauth::tokenizer {

namespace {

class UnicodeScripts final : public PreTokenizer {
 public:
  Result<void> cut(const Piece& piece, PieceList& out) const override {
    const Piece whole = spelled_out(piece, out);
    std::uint8_t last_script = 0;
    std::optional<std::uint32_t> begin;
    const auto push = [&](std::size_t end) {
      if (begin) out.pieces.push_back(whole.slice({*begin, static_cast<std::uint32_t>(end)}));
    };
    for (std::size_t at = 0; at < whole.text.size();) {
      const unicode::Decoded next = unicode::decode_at(whole.text, at);
      const std::uint8_t script = unicode::script_of(next.code_point);
      if (script != 0 && script != last_script) {
        push(at);
        begin = static_cast<std::uint32_t>(at);
        last_script = script;
      }
      at += next.n_bytes;
    }
    push(whole.text.size());
    return {};
  }
};

}  // namespace

std::unique_ptr<const PreTokenizer> unicode_scripts_pre_tokenizer() {
  return std::make_unique<UnicodeScripts>();
}

}  // namespace hfauth::tokenizer
