// SPDX-License-Identifier: Apache-2.0
//
// Byte-level BPE: a scanner says where the next piece of the normalized text ends.
#include "ids/id_path.hpp"
#include "pre_tokenizers/known_shapes.hpp"
#include "text_check.hpp"
#include "unicode/character_class.hpp"
#include "unicode/utf8.hpp"

namespace hfauth::tokenizer {

namespace {

class ScannedPath final : public IdPath {
 public:
  ScannedPath(const TokenizerParts& parts, const Bpe& model, ByteLevelCut cut)
      : parts_(parts), model_(model), cut_(cut) {}

  Result<void> push(const Piece& raw, IdWork& work, IdSink& sink) const override {
    std::string_view text = raw.text;
    if (parts_.normalizer != nullptr) {
      const Result<std::string_view> normalized = parts_.normalizer->rewrite(text, work.normalized);
      if (!normalized) return normalized.error();
      text = *normalized;
    }
    if (!parts_.added.looks_in_normalized()) return push_stretch(text, work, sink);
    work.stretches.clear();
    parts_.added.split_normalized({.text = text}, work.stretches);
    for (const Piece& stretch : work.stretches) {
      if (stretch.added) {
        sink.push(*stretch.added);
      } else if (const Result<void> pushed = push_stretch(stretch.text, work, sink); !pushed) {
        return pushed.error();
      }
    }
    return {};
  }

 private:
  Result<void> push_stretch(std::string_view text, IdWork& work, IdSink& sink) const {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = cut_.scan(text, at);
      if (!is_dropped(text, at)) {
        const bool pushed = push_part(text, at, end, work, sink, [&](std::string_view piece) {
          return cut_.cuts_again ? encode_again(piece, work) : encode(piece, work);
        });
        if (!pushed) return missing_unknown_token();
      }
      at = end;
    }
    return {};
  }

  [[nodiscard]] bool is_dropped(std::string_view text, std::size_t at) const {
    return cut_.drops_spaces && unicode::is_space(unicode::decode_at(text, at).code_point);
  }

  [[nodiscard]] bool encode_again(std::string_view piece, IdWork& work) const {
    for (std::size_t at = 0; at < piece.size();) {
      const std::size_t end = scan_gpt2(piece, at);
      if (!encode(piece.substr(at, end - at), work)) return false;
      at = end;
    }
    return true;
  }

  [[nodiscard]] bool encode(std::string_view piece, IdWork& work) const {
    if (!model_.tokenize(piece, true, work.model.bpe)) return false;
    for (const BpeToken& token : work.model.bpe.tokens)
      work.ids.push_back(token.id);
    return true;
  }

  const TokenizerParts& parts_;
  const Bpe& model_;
  ByteLevelCut cut_;
};

}  // namespace

IdPathHandle scanned_path(const TokenizerParts& parts) {
  const Bpe* model = parts.model.as_bpe();
  if (model == nullptr || parts.pre_tokenizer == nullptr) return nullptr;
  const std::optional<ByteLevelCut> cut = as_byte_level_cut(parts.pre_tokenizer->shape());
  if (!cut) return nullptr;
  return std::make_unique<ScannedPath>(parts, *model, *cut);
}

}  // namespace hfauth::tokenizer
