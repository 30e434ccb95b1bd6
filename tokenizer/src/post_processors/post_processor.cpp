// SPDX-License-Identifier: Apache-2.0
//
// The order of things follows tokenizers 0.23, tokenizer/mod.rs (PostProcessor::process): number
// the sequences, run the steps, join.
#include "post_processors/post_processor.hpp"

#include <utility>

namespace hfauth::tokenizer {

const Template* PostProcessor::find_template() const noexcept {
  for (const Step& step : steps) {
    if (const auto* found = std::get_if<Template>(&step)) return found;
  }
  return nullptr;
}

std::size_t PostProcessor::n_added(bool is_pair) const {
  const Template* row = find_template();
  return row == nullptr ? 0 : row->n_added(is_pair);
}

Draft PostProcessor::process(std::vector<Draft> drafts, bool add_special_tokens) const {
  for (std::uint32_t i = 0; i < drafts.size(); ++i) {
    set_sequence(drafts[i], i);
    for (Draft& part : drafts[i].overflowing) {
      if (!is_default) set_sequence(part, i);
    }
    drafts[i].encoding.type_ids.assign(drafts[i].size(), i);
  }
  for (const Step& step : steps) {
    if (const auto* trimming = std::get_if<ByteLevelTrimming>(&step)) {
      trimming->apply(drafts);
    } else {
      std::get<Template>(step).apply(drafts, add_special_tokens);
    }
  }
  Draft joined;
  for (Draft& draft : drafts)
    append(joined, std::move(draft));
  return joined;
}

}  // namespace hfauth::tokenizer
