// SPDX-License-Identifier: Apache-2.0
//
// Byte-level BPE: a scanner says where the next piece of the normalized text ends.
#include "ids/id_path.hpp"
#include "text_check.hpp"

namespace hfauth::tokenizer {

namespace {

class ScannedPath final : public IdPath {
 public:
  ScannedPath(const TokenizerParts& parts, const Bpe& model, Scanner scan)
      : parts_(parts), model_(model), scan_(scan) {}

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
      const std::size_t end = scan_(text, at);
      const bool pushed = push_part(text, at, end, work, sink, [&](std::string_view piece) {
        if (!model_.tokenize(piece, true, work.model.bpe)) return false;
        for (const BpeToken& token : work.model.bpe.tokens)
          work.ids.push_back(token.id);
        return true;
      });
      if (!pushed) return missing_unknown_token();
      at = end;
    }
    return {};
  }

  const TokenizerParts& parts_;
  const Bpe& model_;
  Scanner scan_;
};

}  // namespace

IdPathHandle scanned_path(const TokenizerParts& parts) {
  const Bpe* model = parts.model.as_bpe();
  if (model == nullptr || parts.pre_tokenizer == nullptr) return nullptr;
  const std::optional<Scanner> scanner = parts.pre_tokenizer->as_byte_level_scanner();
  if (!scanner) return nullptr;
  return std::make_unique<ScannedPath>(parts, *model, *scanner);
}

}  // namespace hfauth::tokenizer
