// SPDX-License-Identifier: Apache-2.0
//
// `post_processor` of a tokenizer.json. Templates are checked: every special token that they name
// is described, a single template names A alone, a pair template both.
#include "formats/components.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hfauth::tokenizer {

namespace {

Result<ByteLevelTrimming> read_trimming(const JsonObject& object) {
  const Result<bool> trim_offsets = object.boolean_or("trim_offsets", true);
  if (!trim_offsets) return trim_offsets.error();
  const Result<bool> add_prefix_space = object.boolean_or("add_prefix_space", true);
  if (!add_prefix_space) return add_prefix_space.error();
  return ByteLevelTrimming{.trim_offsets = *trim_offsets, .add_prefix_space = *add_prefix_space};
}

Result<std::uint32_t> read_type_id(const JsonObject& part) {
  const Result<JsonValue> value = part.required("type_id");
  if (!value) return value.error();
  return value->number();
}

Result<Template::Part> read_sequence_part(const JsonObject& part) {
  const Result<std::string_view> id = part.string("id");
  if (!id) return id.error();
  if (*id != "A" && *id != "B")
    return corrupt_at(part.place(), fmt::format("unknown sequence {}", in_quotes(*id)));
  const Result<std::uint32_t> type_id = read_type_id(part);
  if (!type_id) return type_id.error();
  return Template::Part(Template::Sequence{*id == "A" ? 0U : 1U, *type_id});
}

Result<Template::Part> read_special_part(const JsonObject& part, const JsonObject& special_tokens) {
  const Result<std::string_view> id = part.string("id");
  if (!id) return id.error();
  const Result<std::uint32_t> type_id = read_type_id(part);
  if (!type_id) return type_id.error();
  const Result<JsonValue> described = special_tokens.required(*id);
  if (!described) return described.error();
  const Result<JsonObject> description = described->object();
  if (!description) return description.error();
  Template::Special special{.ids = {}, .tokens = {}, .type_id = *type_id};
  for (const std::string_view key : {"ids", "tokens"}) {
    const Result<JsonValue> list = description->required(key);
    if (!list) return list.error();
    const Result<std::vector<JsonValue>> items = list->array();
    if (!items) return items.error();
    for (const JsonValue& item : *items) {
      if (key == "ids") {
        const Result<std::uint32_t> number = item.number();
        if (!number) return number.error();
        special.ids.push_back(*number);
      } else {
        const Result<std::string_view> text = item.string();
        if (!text) return text.error();
        special.tokens.emplace_back(*text);
      }
    }
  }
  if (special.ids.size() != special.tokens.size()) {
    return corrupt_at(described->place, "not as many ids as tokens");
  }
  return Template::Part(std::move(special));
}

Result<std::vector<Template::Part>> read_row(const JsonObject& object, std::string_view key,
                                             const JsonObject& special_tokens) {
  const Result<JsonValue> list = object.required(key);
  if (!list) return list.error();
  const Result<std::vector<JsonValue>> items = list->array();
  if (!items) return items.error();
  // A text that is named a thousand times becomes a thousand texts.
  constexpr std::size_t kMostParts = 256;
  if (items->size() > kMostParts)
    return corrupt_at(list->place,
                      fmt::format("{} parts; the most is {}", items->size(), kMostParts));
  std::vector<Template::Part> row;
  for (const JsonValue& item : *items) {
    const Result<JsonObject> part = item.object();
    if (!part) return part.error();
    const std::optional<JsonValue> sequence = part->find("Sequence");
    const Result<JsonValue> inner =
        sequence ? Result<JsonValue>(*sequence) : part->required("SpecialToken");
    if (!inner) return inner.error();
    const Result<JsonObject> fields = inner->object();
    if (!fields) return fields.error();
    Result<Template::Part> read =
        sequence ? read_sequence_part(*fields) : read_special_part(*fields, special_tokens);
    if (!read) return read.error();
    row.push_back(std::move(*read));
  }
  return row;
}

bool names_sequence(const std::vector<Template::Part>& row, std::uint32_t index) {
  return std::any_of(row.begin(), row.end(), [index](const Template::Part& part) {
    const auto* sequence = std::get_if<Template::Sequence>(&part);
    return sequence != nullptr && sequence->index == index;
  });
}

Result<Template> read_template(const JsonObject& object) {
  const Result<JsonValue> described = object.required("special_tokens");
  if (!described) return described.error();
  const Result<JsonObject> special_tokens = described->object();
  if (!special_tokens) return special_tokens.error();
  Result<std::vector<Template::Part>> single = read_row(object, "single", *special_tokens);
  if (!single) return single.error();
  Result<std::vector<Template::Part>> pair = read_row(object, "pair", *special_tokens);
  if (!pair) return pair.error();
  if (names_sequence(*single, 1))
    return corrupt_at(object.place(), "the template for one text names sequence B");
  if (!names_sequence(*pair, 0) || !names_sequence(*pair, 1)) {
    return corrupt_at(object.place(), "the template for a pair lacks sequence A or B");
  }
  return Template{.single = std::move(*single), .pair = std::move(*pair)};
}

/// `[token, id]`.
Result<Template::Special> read_named_token(const JsonObject& object, std::string_view key) {
  const Result<JsonValue> value = object.required(key);
  if (!value) return value.error();
  const Result<std::vector<JsonValue>> items = value->array();
  if (!items) return items.error();
  if (items->size() != 2) return corrupt_at(value->place, "expected a token and its id");
  const Result<std::string_view> token = (*items)[0].string();
  if (!token) return token.error();
  const Result<std::uint32_t> id = (*items)[1].number();
  if (!id) return id.error();
  return Template::Special{.ids = {*id}, .tokens = {std::string(*token)}, .type_id = 0};
}

Template::Special with_type(Template::Special special, std::uint32_t type_id) {
  special.type_id = type_id;
  return special;
}

/// BertProcessing: [CLS] A [SEP] B [SEP], the second text and what follows it of type 1.
Result<Template> read_bert(const JsonObject& object) {
  const Result<Template::Special> sep = read_named_token(object, "sep");
  if (!sep) return sep.error();
  const Result<Template::Special> cls = read_named_token(object, "cls");
  if (!cls) return cls.error();
  Template row;
  row.single = {*cls, Template::Sequence{0, 0}, *sep};
  row.pair = row.single;
  row.pair.emplace_back(Template::Sequence{1, 1});
  row.pair.emplace_back(with_type(*sep, 1));
  return row;
}

/// RobertaProcessing: <s> A </s> </s> B </s>, all of type 0, white space taken off the offsets.
Result<PostProcessor> read_roberta(const JsonObject& object) {
  const Result<ByteLevelTrimming> trimming = read_trimming(object);
  if (!trimming) return trimming.error();
  const Result<Template> bert = read_bert(object);
  if (!bert) return bert.error();
  Template row{.single = bert->single, .pair = bert->single, .types_overflow = true};
  const Template::Part sep = row.single.back();
  row.pair.insert(row.pair.end(), {sep, Template::Sequence{1, 0}, sep});
  PostProcessor processor;
  if (trimming->trim_offsets) processor.steps.emplace_back(*trimming);
  processor.steps.emplace_back(std::move(row));
  return processor;
}

Result<PostProcessor> read_sequence(const JsonObject& object) {
  const Result<JsonValue> list = object.required("processors");
  if (!list) return list.error();
  const Result<std::vector<JsonValue>> items = list->array();
  if (!items) return items.error();
  PostProcessor all;
  for (const JsonValue& item : *items) {
    Result<PostProcessor> one = read_post_processor(item);
    if (!one) return one.error();
    if (one->find_template() != nullptr && all.find_template() != nullptr) {
      return not_supported("post-processor Sequence with two templates");
    }
    std::move(one->steps.begin(), one->steps.end(), std::back_inserter(all.steps));
  }
  return all;
}

}  // namespace

Result<PostProcessor> read_post_processor(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<std::string_view> type = object->type();
  if (!type) return type.error();
  PostProcessor processor;
  // The reference tells Bert from Roberta by the keys, whatever the type says.
  if (object->find("sep") && object->find("cls")) {
    if (object->find("trim_offsets") && object->find("add_prefix_space"))
      return read_roberta(*object);
    Result<Template> row = read_bert(*object);
    if (!row) return row.error();
    processor.steps.emplace_back(std::move(*row));
    return processor;
  }
  if (*type == "ByteLevel") {
    const Result<ByteLevelTrimming> trimming = read_trimming(*object);
    if (!trimming) return trimming.error();
    processor.steps.emplace_back(*trimming);
    return processor;
  }
  if (*type == "TemplateProcessing" || (type->empty() && object->find("single"))) {
    Result<Template> row = read_template(*object);
    if (!row) return row.error();
    processor.steps.emplace_back(std::move(*row));
    return processor;
  }
  if (*type == "Sequence") return read_sequence(*object);
  return unknown_component("post-processor", *type, value.place);
}

}  // namespace hfauth::tokenizer
