// SPDX-License-Identifier: Apache-2.0
//
// `normalizer` of a tokenizer.json. Files of before 2020 name no type; the kind then shows in the
// keys, tried in the reference's order (tokenizers 0.23, normalizers/mod.rs).
#include "formats/base64.hpp"
#include "formats/components.hpp"

#include <array>
#include <utility>

namespace hfauth::tokenizer {

namespace {

Result<NormalizerHandle> read_bert(const JsonObject& object) {
  BertOptions options;
  const std::array<std::pair<std::string_view, bool*>, 3> flags = {
      {{"clean_text", &options.clean_text},
       {"handle_chinese_chars", &options.handle_chinese_chars},
       {"lowercase", &options.lowercase}}};
  for (const auto& [name, place] : flags) {
    const Result<bool> flag = object.boolean(name);
    if (!flag) return flag.error();
    *place = *flag;
  }
  if (const std::optional<JsonValue> strip = object.find("strip_accents")) {
    const Result<bool> flag = strip->boolean();
    if (!flag) return flag.error();
    options.strip_accents = *flag;
  }
  return bert_normalizer(options);
}

Result<NormalizerHandle> read_strip(const JsonObject& object) {
  const Result<bool> left = object.boolean("strip_left");
  if (!left) return left.error();
  const Result<bool> right = object.boolean("strip_right");
  if (!right) return right.error();
  return strip_normalizer(*left, *right);
}

Result<NormalizerHandle> read_replace(const JsonObject& object) {
  Result<Replacement> replacement = read_replacement(object);
  if (!replacement) return replacement.error();
  return replace_normalizer(std::move(replacement->pattern), std::move(replacement->content));
}

Result<NormalizerHandle> read_prepend(const JsonObject& object) {
  const Result<std::string_view> head = object.string("prepend");
  if (!head) return head.error();
  return prepend_normalizer(std::string(*head));
}

Result<NormalizerHandle> read_precompiled(const JsonObject& object) {
  const Result<JsonValue> value = object.required("precompiled_charsmap");
  if (!value) return value.error();
  const Result<std::string_view> text = value->string();
  if (!text) return text.error();
  const std::optional<std::string> bytes = decode_base64(*text);
  if (!bytes) return corrupt_at(value->place, "not base64");
  Result<NormalizerHandle> made = precompiled_normalizer(*bytes);
  if (!made) return corrupt_at(value->place, made.error().detail);
  return made;
}

Result<NormalizerHandle> read_sequence(const JsonObject& object) {
  const Result<std::vector<JsonValue>> items = object.array("normalizers");
  if (!items) return items.error();
  std::vector<NormalizerHandle> stages;
  for (const JsonValue& item : *items) {
    Result<NormalizerHandle> stage = read_normalizer(item);
    if (!stage) return stage.error();
    if (*stage != nullptr) stages.push_back(std::move(*stage));
  }
  if (stages.empty()) return NormalizerHandle();
  return sequence_normalizer(std::move(stages));
}

struct Kind {
  std::string_view type;
  std::string_view key;  ///< tells the kind where there is no type
  Result<NormalizerHandle> (*read)(const JsonObject&);
};

constexpr Kind kKinds[] = {
    {"BertNormalizer", "clean_text", read_bert},
    {"Bert", "clean_text", read_bert},
    {"Strip", "strip_left", read_strip},
    {"StripAccents", "",
     [](const JsonObject&) { return Result<NormalizerHandle>(strip_accents_normalizer()); }},
    {"NFC", "",
     [](const JsonObject&) {
       return Result<NormalizerHandle>(unicode_form_normalizer(UnicodeForm::nfc));
     }},
    {"NFD", "",
     [](const JsonObject&) {
       return Result<NormalizerHandle>(unicode_form_normalizer(UnicodeForm::nfd));
     }},
    {"NFKC", "",
     [](const JsonObject&) {
       return Result<NormalizerHandle>(unicode_form_normalizer(UnicodeForm::nfkc));
     }},
    {"NFKD", "",
     [](const JsonObject&) {
       return Result<NormalizerHandle>(unicode_form_normalizer(UnicodeForm::nfkd));
     }},
    {"Sequence", "normalizers", read_sequence},
    {"Lowercase", "",
     [](const JsonObject&) { return Result<NormalizerHandle>(lowercase_normalizer()); }},
    {"Nmt", "", [](const JsonObject&) { return Result<NormalizerHandle>(nmt_normalizer()); }},
    {"Precompiled", "precompiled_charsmap", read_precompiled},
    {"Replace", "pattern", read_replace},
    {"Prepend", "prepend", read_prepend},
    {"ByteLevel", "",
     [](const JsonObject&) { return Result<NormalizerHandle>(byte_level_normalizer()); }},
};

}  // namespace

Result<NormalizerHandle> read_normalizer(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  for (const Kind& kind : kKinds) {
    const bool named = *type == kind.type;
    const bool shown = type->empty() && !kind.key.empty() && object->find(kind.key);
    if (named || shown) return kind.read(*object);
  }
  return unknown_component("normalizer", *type, value.place);
}

}  // namespace hfauth::tokenizer
