// SPDX-License-Identifier: Apache-2.0
//
// The readers of the parts of a tokenizer.json, one file each. What is well-formed but not built
// yet is the error unsupported, with the component's name.
#pragma once

#include "added_tokens/added_vocabulary.hpp"
#include "decoders/decoder.hpp"
#include "formats/json_fields.hpp"
#include "models/bpe.hpp"
#include "post_processors/post_processor.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"

#include <memory>
#include <vector>

namespace hfauth::tokenizer {

[[nodiscard]] Result<std::vector<AddedToken>> read_added_tokens(const JsonValue& value);
/// There is no normalizer yet: an error unless `value` is one that does nothing.
[[nodiscard]] Result<void> check_normalizer(const JsonValue& value);
[[nodiscard]] Result<std::unique_ptr<const PreTokenizer>> read_pre_tokenizer(
    const JsonValue& value);
[[nodiscard]] Result<Bpe> read_model(const JsonValue& value);
[[nodiscard]] Result<PostProcessor> read_post_processor(const JsonValue& value);
[[nodiscard]] Result<Decoder> read_decoder(const JsonValue& value);

}  // namespace hfauth::tokenizer
