// SPDX-License-Identifier: Apache-2.0
//
// BertPreTokenizer: two splits, one after the other.
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "unicode/character_class.hpp"
#include "unicode/mappings.hpp"

#include <utility>

namespace hfauth::tokenizer {

std::unique_ptr<const PreTokenizer> bert_pre_tokenizer() {
  std::vector<std::unique_ptr<const PreTokenizer>> stages;
  stages.push_back(
      split_pre_tokenizer(character_pattern(unicode::is_space), SplitBehavior::removed, false));
  stages.push_back(split_pre_tokenizer(character_pattern(unicode::is_punctuation),
                                       SplitBehavior::isolated, false));
  return sequence_pre_tokenizer(std::move(stages));
}

}  // namespace hfauth::tokenizer
