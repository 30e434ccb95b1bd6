// SPDX-License-Identifier: Apache-2.0
//
// The readers of the parts of a tokenizer.json, one file each. What is well-formed but not built
// yet is the error unsupported, with the component's name.
#pragma once

#include "added_tokens/added_vocabulary.hpp"
#include "decoders/decoder.hpp"
#include "formats/json_fields.hpp"
#include "models/model.hpp"
#include "normalizers/normalizer.hpp"
#include "post_processors/post_processor.hpp"
#include "pre_tokenizers/pre_tokenizer.hpp"
#include "truncation.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

[[nodiscard]] Result<std::vector<AddedToken>> read_added_tokens(const JsonValue& value);
[[nodiscard]] Result<std::unique_ptr<const Pattern>> read_pattern(const JsonValue& value);

/// The fields of a Replace, which is a normalizer and a decoder.
struct Replacement {
  std::unique_ptr<const Pattern> pattern;
  std::string content;
};

[[nodiscard]] Result<Replacement> read_replacement(const JsonObject& object);
/// nullptr for one that does nothing.
[[nodiscard]] Result<NormalizerHandle> read_normalizer(const JsonValue& value);
[[nodiscard]] Result<std::unique_ptr<const PreTokenizer>> read_pre_tokenizer(
    const JsonValue& value);
[[nodiscard]] Result<MetaspaceOptions> read_metaspace_options(const JsonObject& object);
[[nodiscard]] Result<Model> read_model(const JsonValue& value);
/// A BPE from the texts of vocab.json and merges.txt.
[[nodiscard]] Result<Model> read_bpe_files(simdjson::padded_string_view vocab_json,
                                           std::string_view merges, BpeOptions options);
[[nodiscard]] Result<Truncation> read_truncation(const JsonValue& value);
[[nodiscard]] Result<Padding> read_padding(const JsonValue& value);
[[nodiscard]] Result<PostProcessor> read_post_processor(const JsonValue& value);
[[nodiscard]] Result<DecoderHandle> read_decoder(const JsonValue& value);

}  // namespace hfauth::tokenizer
