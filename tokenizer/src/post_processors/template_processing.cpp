// SPDX-License-Identifier: Apache-2.0
//
// TemplateProcessing (tokenizers 0.23, processors/template.rs). Without special tokens the template
// still decides the order of the sequences and their type ids.
#include "encoding_build.hpp"
#include "post_processors/post_processor.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

Encoding encoding_of(const Template::Special& special) {
  Encoding encoding;
  for (std::size_t i = 0; i < special.ids.size(); ++i) {
    push_token(encoding, special.ids[i], special.tokens[i], {}, std::nullopt);
  }
  encoding.type_ids.assign(encoding.size(), special.type_id);
  encoding.special_tokens_mask.assign(encoding.size(), 1);
  return encoding;
}

}  // namespace

void Template::apply(std::vector<Encoding>& encodings, bool add_special_tokens) const {
  std::vector<Encoding> parts;
  for (const Part& part : encodings.size() == 1 ? single : pair) {
    if (const auto* special = std::get_if<Special>(&part)) {
      if (add_special_tokens) parts.push_back(encoding_of(*special));
      continue;
    }
    const auto& sequence = std::get<Sequence>(part);
    Encoding copy = encodings[sequence.index];
    copy.type_ids.assign(copy.size(), sequence.type_id);
    set_sequence(copy, sequence.index);
    parts.push_back(std::move(copy));
  }
  encodings = std::move(parts);
}

}  // namespace hfauth::tokenizer
