// SPDX-License-Identifier: Apache-2.0
//
// One look-up (tokenizers 0.23, models/wordlevel/mod.rs).
#include "models/word_level.hpp"

#include <utility>

namespace hfauth::tokenizer {

WordLevel::WordLevel(Vocabulary vocabulary, std::string_view unk_token)
    : vocabulary_(std::move(vocabulary)), unk_id_(vocabulary_.find(unk_token)) {}

bool WordLevel::tokenize(std::string_view piece, std::vector<ModelToken>& tokens) const {
  TokenId id = vocabulary_.find(piece);
  if (id == kNoToken) id = unk_id_;
  if (id == kNoToken) return false;
  tokens.push_back({id, 0, static_cast<std::uint32_t>(piece.size())});
  return true;
}

}  // namespace hfauth::tokenizer
