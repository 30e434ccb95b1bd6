// SPDX-License-Identifier: Apache-2.0
//
// The general way: normalizer, added tokens of the normalized text, pre-tokenizer, model.
#include "cut.hpp"
#include "ids/id_path.hpp"
#include "text_check.hpp"

namespace hfauth::tokenizer {

namespace {

class GeneralPath final : public IdPath {
 public:
  explicit GeneralPath(const TokenizerParts& parts) : parts_(parts) {}

  Result<void> push(const Piece& raw, IdWork& work, IdSink& sink) const override {
    work.rewritten.clear();
    const Result<Piece> normalized = normalized_piece(parts_, raw, work.rewritten);
    if (!normalized) return normalized.error();
    work.stretches.clear();
    parts_.added.split_normalized(*normalized, work.stretches);
    for (const Piece& stretch : work.stretches) {
      if (stretch.added) {
        sink.push(*stretch.added);
        continue;
      }
      work.pieces.clear();
      if (const Result<void> cut = cut_stretch(parts_, stretch, work.pieces); !cut)
        return cut.error();
      for (const Piece& piece : work.pieces.pieces) {
        const Result<void> done = parts_.model.tokenize(piece.text, piece.byte_level, work.model);
        if (!done) return done.error();
        sink.note(piece.text.size());
        for (const ModelToken& token : work.model.tokens)
          sink.push(token.id);
      }
    }
    return {};
  }

 private:
  const TokenizerParts& parts_;
};

}  // namespace

IdPathHandle general_path(const TokenizerParts& parts) {
  return std::make_unique<GeneralPath>(parts);
}

IdPathHandle make_id_path(const TokenizerParts& parts) {
  for (const auto make : {scanned_path, joined_path, bert_path, unigram_path}) {
    if (IdPathHandle path = make(parts)) return path;
  }
  return general_path(parts);
}

}  // namespace hfauth::tokenizer
