// SPDX-License-Identifier: Apache-2.0
//
// `pre_tokenizer` of a tokenizer.json.
#include "formats/components.hpp"
#include "unicode/character_class.hpp"
#include "unicode/mappings.hpp"

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

Result<SplitBehavior> read_behavior(const JsonObject& object) {
  const Result<std::string_view> name = object.string("behavior");
  if (!name) return name.error();
  const std::optional<SplitBehavior> behavior = parse_split_behavior(*name);
  if (!behavior)
    return corrupt_at(object.place(), fmt::format("unknown behavior {}", in_quotes(*name)));
  return *behavior;
}

PreTokenizerResult read_split(const JsonObject& object) {
  const Result<JsonValue> pattern_value = object.required("pattern");
  if (!pattern_value) return pattern_value.error();
  Result<std::unique_ptr<const Pattern>> pattern = read_pattern(*pattern_value);
  if (!pattern) return pattern.error();
  const Result<SplitBehavior> behavior = read_behavior(object);
  if (!behavior) return behavior.error();
  const Result<bool> invert = object.boolean_or("invert", false);
  if (!invert) return invert.error();
  return split_pre_tokenizer(std::move(*pattern), *behavior, *invert);
}

PreTokenizerResult read_punctuation(const JsonObject& object) {
  const Result<SplitBehavior> behavior = object.find("behavior")
                                             ? read_behavior(object)
                                             : Result<SplitBehavior>(SplitBehavior::isolated);
  if (!behavior) return behavior.error();
  return split_pre_tokenizer(character_pattern(unicode::is_punctuation), *behavior, false);
}

PreTokenizerResult read_digits(const JsonObject& object) {
  const Result<bool> individual = object.boolean("individual_digits");
  if (!individual) return individual.error();
  return split_pre_tokenizer(character_pattern(unicode::is_numeric),
                             *individual ? SplitBehavior::isolated : SplitBehavior::contiguous,
                             false);
}

PreTokenizerResult read_delimiter(const JsonObject& object) {
  const Result<JsonValue> value = object.required("delimiter");
  if (!value) return value.error();
  const Result<std::string> delimiter = value->character();
  if (!delimiter) return delimiter.error();
  return split_pre_tokenizer(literal_pattern(*delimiter), SplitBehavior::removed, false);
}

PreTokenizerResult read_fixed_length(const JsonObject& object) {
  constexpr std::uint64_t kDefaultLength = 5;
  const std::optional<JsonValue> value = object.find("length");
  const Result<std::uint64_t> length =
      value ? value->size() : Result<std::uint64_t>(kDefaultLength);
  if (!length) return length.error();
  if (*length == 0) return corrupt_at(object.place(), "pieces of length 0");
  return fixed_length_pre_tokenizer(*length);
}

PreTokenizerResult read_metaspace(const JsonObject& object) {
  const Result<MetaspaceOptions> options = read_metaspace_options(object);
  if (!options) return options.error();
  return metaspace_pre_tokenizer(*options);
}

PreTokenizerResult read_whitespace(const JsonObject& /*object*/) {
  return split_pre_tokenizer(word_pattern(), SplitBehavior::removed, true);
}

PreTokenizerResult read_whitespace_split(const JsonObject& /*object*/) {
  return split_pre_tokenizer(character_pattern(unicode::is_space), SplitBehavior::removed, false);
}

PreTokenizerResult read_sequence(const JsonObject& object) {
  const Result<std::vector<JsonValue>> items = object.array("pretokenizers");
  if (!items) return items.error();
  std::vector<std::unique_ptr<const PreTokenizer>> stages;
  for (const JsonValue& item : *items) {
    PreTokenizerResult stage = read_pre_tokenizer(item);
    if (!stage) return stage.error();
    stages.push_back(std::move(*stage));
  }
  return sequence_pre_tokenizer(std::move(stages));
}

struct Kind {
  std::string_view type;
  PreTokenizerResult (*read)(const JsonObject&);
};

constexpr Kind kKinds[] = {
    {"BertPreTokenizer",
     [](const JsonObject&) { return PreTokenizerResult(bert_pre_tokenizer()); }},
    {"ByteLevel", read_byte_level},
    {"CharDelimiterSplit", read_delimiter},
    {"Delimiter", read_delimiter},
    {"Digits", read_digits},
    {"FixedLength", read_fixed_length},
    {"Metaspace", read_metaspace},
    {"Punctuation", read_punctuation},
    {"Sequence", read_sequence},
    {"Split", read_split},
    {"UnicodeScripts",
     [](const JsonObject&) { return PreTokenizerResult(unicode_scripts_pre_tokenizer()); }},
    {"Whitespace", read_whitespace},
    {"WhitespaceSplit", read_whitespace_split},
};

}  // namespace

Result<MetaspaceOptions> read_metaspace_options(const JsonObject& object) {
  MetaspaceOptions options;
  const Result<JsonValue> value = object.required("replacement");
  if (!value) return value.error();
  const Result<std::string> replacement = value->character();
  if (!replacement) return replacement.error();
  options.replacement = *replacement;
  if (const std::optional<JsonValue> scheme = object.find("prepend_scheme")) {
    const Result<std::string_view> name = scheme->string();
    if (!name) return name.error();
    if (*name != "first" && *name != "never" && *name != "always")
      return corrupt_at(scheme->place, fmt::format("unknown scheme {}", in_quotes(*name)));
    options.prepend_scheme = *name == "first"   ? PrependScheme::first
                             : *name == "never" ? PrependScheme::never
                                                : PrependScheme::always;
  }
  const Result<bool> add_prefix_space = object.boolean_or("add_prefix_space", true);
  if (!add_prefix_space) return add_prefix_space.error();
  if (!*add_prefix_space && options.prepend_scheme != PrependScheme::never)
    return corrupt_at(object.place(), "add_prefix_space contradicts prepend_scheme");
  const Result<bool> split = object.boolean_or("split", true);
  if (!split) return split.error();
  options.split = *split;
  return options;
}

PreTokenizerResult read_pre_tokenizer(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  if (type->empty() && object->find("delimiter")) return read_delimiter(*object);
  for (const Kind& kind : kKinds) {
    if (*type == kind.type) return kind.read(*object);
  }
  return unknown_component("pre-tokenizer", *type, value.place);
}

}  // namespace hfauth::tokenizer
