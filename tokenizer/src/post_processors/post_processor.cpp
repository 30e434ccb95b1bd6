// SPDX-License-Identifier: Apache-2.0
//
// The order of things follows tokenizers 0.23, tokenizer/mod.rs (PostProcessor::process): number
// the sequences, run the steps, join.
#include "post_processors/post_processor.hpp"

#include "encoding_build.hpp"

#include <utility>

namespace hfauth::tokenizer {

const Template* PostProcessor::find_template() const noexcept {
  for (const Step& step : steps) {
    if (const auto* found = std::get_if<Template>(&step)) return found;
  }
  return nullptr;
}

Encoding PostProcessor::process(std::vector<Encoding> encodings, bool add_special_tokens) const {
  for (std::uint32_t i = 0; i < encodings.size(); ++i) {
    set_sequence(encodings[i], i);
    encodings[i].type_ids.assign(encodings[i].size(), i);
  }
  for (const Step& step : steps) {
    if (const auto* trimming = std::get_if<ByteLevelTrimming>(&step)) {
      trimming->apply(encodings);
    } else {
      std::get<Template>(step).apply(encodings, add_special_tokens);
    }
  }
  Encoding joined;
  for (Encoding& encoding : encodings)
    append(joined, std::move(encoding));
  return joined;
}

}  // namespace hfauth::tokenizer
