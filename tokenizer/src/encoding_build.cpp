// SPDX-License-Identifier: Apache-2.0
//
// Small steps on Encodings that several stages share.
#include "encoding_build.hpp"

#include <iterator>
#include <utility>

namespace hfauth::tokenizer {

namespace {

template <class T>
void move_to_end(std::vector<T>& head, std::vector<T>& tail) {
  head.insert(head.end(), std::make_move_iterator(tail.begin()),
              std::make_move_iterator(tail.end()));
}

}  // namespace

void push_token(Encoding& encoding, TokenId id, std::string_view token, CodePointRange range,
                std::optional<std::uint32_t> word) {
  encoding.ids.push_back(id);
  encoding.tokens.emplace_back(token);
  encoding.offsets.push_back(range);
  encoding.word_ids.push_back(word);
  encoding.sequence_ids.emplace_back();
  encoding.type_ids.push_back(0);
  encoding.special_tokens_mask.push_back(0);
  encoding.attention_mask.push_back(1);
}

void append(Encoding& encoding, Encoding&& tail) {
  if (encoding.size() == 0) {
    encoding = std::move(tail);
    return;
  }
  move_to_end(encoding.ids, tail.ids);
  move_to_end(encoding.tokens, tail.tokens);
  move_to_end(encoding.offsets, tail.offsets);
  move_to_end(encoding.word_ids, tail.word_ids);
  move_to_end(encoding.sequence_ids, tail.sequence_ids);
  move_to_end(encoding.type_ids, tail.type_ids);
  move_to_end(encoding.special_tokens_mask, tail.special_tokens_mask);
  move_to_end(encoding.attention_mask, tail.attention_mask);
}

void set_sequence(Encoding& encoding, std::uint32_t index) {
  encoding.sequence_ids.assign(encoding.size(), index);
}

}  // namespace hfauth::tokenizer
