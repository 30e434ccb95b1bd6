// SPDX-License-Identifier: Apache-2.0
//
// TemplateProcessing (tokenizers 0.23, processors/template.rs). Without special tokens the template
// still decides the order of the sequences and their type ids.
#include "post_processors/post_processor.hpp"

#include <utility>

namespace hfauth::tokenizer {

namespace {

Draft draft_of(const Template::Special& special) {
  Draft draft;
  for (std::size_t i = 0; i < special.ids.size(); ++i) {
    push_token(draft.encoding, special.ids[i], special.tokens[i], {}, std::nullopt);
  }
  draft.encoding.type_ids.assign(draft.size(), special.type_id);
  draft.encoding.special_tokens_mask.assign(draft.size(), 1);
  return draft;
}

}  // namespace

std::size_t Template::n_added(bool is_pair) const {
  std::size_t n = 0;
  for (const Part& part : is_pair ? pair : single) {
    if (const auto* special = std::get_if<Special>(&part)) n += special->ids.size();
  }
  return n;
}

void Template::apply(std::vector<Draft>& drafts, bool add_special_tokens) const {
  std::vector<Draft> parts;
  for (const Part& part : drafts.size() == 1 ? single : pair) {
    if (const auto* special = std::get_if<Special>(&part)) {
      if (add_special_tokens) parts.push_back(draft_of(*special));
      continue;
    }
    const auto& sequence = std::get<Sequence>(part);
    Draft copy = drafts[sequence.index];
    copy.encoding.type_ids.assign(copy.size(), sequence.type_id);
    if (types_overflow && add_special_tokens) {
      for (Draft& overflow : copy.overflowing)
        overflow.encoding.type_ids.assign(overflow.size(), sequence.type_id);
    }
    set_sequence(copy, sequence.index);
    parts.push_back(std::move(copy));
  }
  drafts = std::move(parts);
}

}  // namespace hfauth::tokenizer
