// SPDX-License-Identifier: Apache-2.0
//
// Which model a piece goes to.
#include "models/model.hpp"

#include "text_check.hpp"

namespace hfauth::tokenizer {

namespace {

bool run(const Bpe& model, std::string_view piece, bool byte_level, ModelWorkspace& workspace) {
  if (!model.tokenize(piece, byte_level, workspace.bpe)) return false;
  std::uint32_t at = 0;
  for (const BpeToken& token : workspace.bpe.tokens) {
    workspace.tokens.push_back({token.id, at, at + token.n_bytes});
    at += token.n_bytes;
  }
  return true;
}

bool run(const Unigram& model, std::string_view piece, ModelWorkspace& workspace) {
  return model.tokenize(piece, workspace.unigram, workspace.tokens);
}

bool run(const SentencePiece& model, std::string_view piece, ModelWorkspace& workspace) {
  model.tokenize(piece, workspace.sentence_piece, workspace.tokens);
  return true;
}

template <class WordModel>
bool run(const WordModel& model, std::string_view piece, ModelWorkspace& workspace) {
  return model.tokenize(piece, workspace.tokens);
}

}  // namespace

Result<void> Model::tokenize(std::string_view piece, bool byte_level,
                             ModelWorkspace& workspace) const {
  workspace.tokens.clear();
  bool done = false;
  if (const Bpe* bpe = as_bpe()) {
    done = run(*bpe, piece, byte_level, workspace);
  } else {
    const std::string_view spelled = byte_alphabet::spelled(piece, byte_level, workspace.spelling);
    done = std::visit(
        [&](const auto& model) {
          if constexpr (std::is_same_v<std::decay_t<decltype(model)>, Bpe>) {
            return false;
          } else {
            return run(model, spelled, workspace);
          }
        },
        kind_);
  }
  if (!done) return missing_unknown_token();
  return {};
}

}  // namespace hfauth::tokenizer
