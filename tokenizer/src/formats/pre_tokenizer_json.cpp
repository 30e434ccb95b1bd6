// SPDX-License-Identifier: Apache-2.0
//
// `pre_tokenizer` of a tokenizer.json.
#include "formats/components.hpp"

#include <fmt/format.h>

namespace hfauth::tokenizer {

namespace {

using PreTokenizerResult = Result<std::unique_ptr<const PreTokenizer>>;

PreTokenizerResult read_byte_level(const JsonObject& object) {
  const Result<bool> add_prefix_space = object.boolean_or("add_prefix_space", true);
  if (!add_prefix_space) return add_prefix_space.error();
  const Result<bool> use_regex = object.boolean_or("use_regex", true);
  if (!use_regex) return use_regex.error();
  return byte_level_pre_tokenizer({.add_prefix_space = *add_prefix_space, .use_regex = *use_regex});
}

Result<std::unique_ptr<const Pattern>> read_pattern(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  if (const std::optional<JsonValue> literal = object->find("String")) {
    const Result<std::string_view> text = literal->string();
    if (!text) return text.error();
    return literal_pattern(std::string(*text));
  }
  const Result<std::string_view> regex = object->string("Regex");
  if (!regex) return regex.error();
  Result<std::unique_ptr<const Pattern>> pattern = regex_pattern(*regex);
  if (!pattern && pattern.error().code == Errc::corrupt)
    return corrupt_at(value.place, pattern.error().detail);
  return pattern;
}

PreTokenizerResult read_split(const JsonObject& object) {
  const Result<JsonValue> pattern_value = object.required("pattern");
  if (!pattern_value) return pattern_value.error();
  Result<std::unique_ptr<const Pattern>> pattern = read_pattern(*pattern_value);
  if (!pattern) return pattern.error();
  const Result<std::string_view> name = object.string("behavior");
  if (!name) return name.error();
  const std::optional<SplitBehavior> behavior = parse_split_behavior(*name);
  if (!behavior)
    return corrupt_at(object.place(), fmt::format("unknown behavior {}", in_quotes(*name)));
  const Result<bool> invert = object.boolean_or("invert", false);
  if (!invert) return invert.error();
  return split_pre_tokenizer(std::move(*pattern), *behavior, *invert);
}

PreTokenizerResult read_sequence(const JsonObject& object) {
  const Result<JsonValue> list = object.required("pretokenizers");
  if (!list) return list.error();
  const Result<std::vector<JsonValue>> items = list->array();
  if (!items) return items.error();
  std::vector<std::unique_ptr<const PreTokenizer>> stages;
  for (const JsonValue& item : *items) {
    PreTokenizerResult stage = read_pre_tokenizer(item);
    if (!stage) return stage.error();
    stages.push_back(std::move(*stage));
  }
  return sequence_pre_tokenizer(std::move(stages));
}

}  // namespace

PreTokenizerResult read_pre_tokenizer(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  if (*type == "ByteLevel") return read_byte_level(*object);
  if (*type == "Split") return read_split(*object);
  if (*type == "Sequence") return read_sequence(*object);
  return not_supported(type->empty() ? "a pre-tokenizer without a type"
                                     : fmt::format("pre-tokenizer {}", *type));
}

}  // namespace hfauth::tokenizer
