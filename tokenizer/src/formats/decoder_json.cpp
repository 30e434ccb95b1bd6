// SPDX-License-Identifier: Apache-2.0
//
// `decoder` of a tokenizer.json.
#include "formats/components.hpp"

#include <fmt/format.h>

#include <utility>

namespace hfauth::tokenizer {

namespace {

using DecoderResult = Result<DecoderHandle>;

/// A string that is searched for, so it must not be empty.
Result<std::string> read_searched(const JsonObject& object, std::string_view key) {
  const Result<std::string_view> text = object.string(key);
  if (!text) return text.error();
  if (text->empty()) return corrupt_at(object.place(), fmt::format("\"{}\" is empty", key));
  return std::string(*text);
}

DecoderResult read_bpe(const JsonObject& object) {
  Result<std::string> suffix = read_searched(object, "suffix");
  if (!suffix) return suffix.error();
  return bpe_decoder(std::move(*suffix));
}

DecoderResult read_ctc(const JsonObject& object) {
  Result<std::string> pad_token = read_searched(object, "pad_token");
  if (!pad_token) return pad_token.error();
  Result<std::string> delimiter = read_searched(object, "word_delimiter_token");
  if (!delimiter) return delimiter.error();
  const Result<bool> cleanup = object.boolean("cleanup");
  if (!cleanup) return cleanup.error();
  return ctc_decoder(std::move(*pad_token), std::move(*delimiter), *cleanup);
}

DecoderResult read_metaspace(const JsonObject& object) {
  Result<MetaspaceOptions> options = read_metaspace_options(object);
  if (!options) return options.error();
  return metaspace_decoder(std::move(*options));
}

DecoderResult read_replace(const JsonObject& object) {
  Result<Replacement> replacement = read_replacement(object);
  if (!replacement) return replacement.error();
  return replace_decoder(std::move(replacement->pattern), std::move(replacement->content));
}

DecoderResult read_strip(const JsonObject& object) {
  const Result<JsonValue> content = object.required("content");
  if (!content) return content.error();
  Result<std::string> character = content->character();
  if (!character) return character.error();
  std::uint64_t counts[2] = {};
  const std::pair<std::string_view, std::uint64_t*> fields[] = {{"start", &counts[0]},
                                                                {"stop", &counts[1]}};
  for (const auto& [key, place] : fields) {
    const Result<JsonValue> value = object.required(key);
    if (!value) return value.error();
    const Result<std::uint64_t> count = value->size();
    if (!count) return count.error();
    *place = *count;
  }
  return strip_decoder(std::move(*character), counts[0], counts[1]);
}

DecoderResult read_word_piece(const JsonObject& object) {
  const Result<std::string_view> prefix = object.string("prefix");
  if (!prefix) return prefix.error();
  const Result<bool> cleanup = object.boolean("cleanup");
  if (!cleanup) return cleanup.error();
  return word_piece_decoder(std::string(*prefix), *cleanup);
}

DecoderResult read_sequence(const JsonObject& object) {
  const Result<std::vector<JsonValue>> items = object.array("decoders");
  if (!items) return items.error();
  std::vector<DecoderHandle> stages;
  for (const JsonValue& item : *items) {
    DecoderResult stage = read_decoder(item);
    if (!stage) return stage.error();
    stages.push_back(std::move(*stage));
  }
  return sequence_decoder(std::move(stages));
}

struct Kind {
  std::string_view type;
  DecoderResult (*read)(const JsonObject&);
};

constexpr Kind kKinds[] = {
    {"BPEDecoder", read_bpe},
    {"ByteFallback", [](const JsonObject&) { return DecoderResult(byte_fallback_decoder()); }},
    {"ByteLevel", [](const JsonObject&) { return DecoderResult(byte_level_decoder()); }},
    {"CTC", read_ctc},
    {"Fuse", [](const JsonObject&) { return DecoderResult(fuse_decoder()); }},
    {"Metaspace", read_metaspace},
    {"Replace", read_replace},
    {"Sequence", read_sequence},
    {"Strip", read_strip},
    {"WordPiece", read_word_piece},
};

}  // namespace

DecoderResult read_decoder(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  for (const Kind& kind : kKinds) {
    if (*type == kind.type) return kind.read(*object);
  }
  return unknown_component("decoder", *type, value.place);
}

}  // namespace hfauth::tokenizer
