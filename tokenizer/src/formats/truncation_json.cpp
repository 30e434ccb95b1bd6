// SPDX-License-Identifier: Apache-2.0
//
// `truncation` and `padding` of a tokenizer.json.
#include "formats/components.hpp"

#include <fmt/format.h>

namespace hfauth::tokenizer {

namespace {

/// More padding than any model takes; a mistaken file must not cost gigabytes a text.
constexpr std::uint64_t kMaxPadding = std::uint64_t{1} << 24U;

Result<Side> read_side(const JsonObject& object) {
  const Result<std::string_view> name = object.string("direction");
  if (!name) return name.error();
  if (*name == "Left") return Side::left;
  if (*name == "Right") return Side::right;
  return corrupt_at(object.place(), fmt::format("unknown direction {}", in_quotes(*name)));
}

Result<std::uint64_t> read_size(const JsonObject& object, std::string_view key) {
  const Result<JsonValue> value = object.required(key);
  if (!value) return value.error();
  return value->size();
}

Result<std::uint64_t> read_padding_size(const JsonValue& value) {
  const Result<std::uint64_t> size = value.size();
  if (!size) return size.error();
  if (*size > kMaxPadding)
    return corrupt_at(value.place, fmt::format("{} is more than {}", *size, kMaxPadding));
  return *size;
}

Result<std::optional<std::uint64_t>> read_padding_length(const JsonObject& object) {
  const Result<JsonValue> value = object.required("strategy");
  if (!value) return value.error();
  if (value->element.is_string()) {
    const Result<std::string_view> name = value->string();
    if (!name) return name.error();
    if (*name == "BatchLongest") return std::optional<std::uint64_t>();
    return corrupt_at(value->place, fmt::format("unknown strategy {}", in_quotes(*name)));
  }
  const Result<JsonObject> strategy = value->object();
  if (!strategy) return strategy.error();
  const Result<JsonValue> fixed = strategy->required("Fixed");
  if (!fixed) return fixed.error();
  const Result<std::uint64_t> size = read_padding_size(*fixed);
  if (!size) return size.error();
  return std::optional(*size);
}

Result<Truncation::Strategy> read_truncation_strategy(const JsonObject& object) {
  const Result<std::string_view> name = object.string("strategy");
  if (!name) return name.error();
  if (*name == "LongestFirst") return Truncation::Strategy::longest_first;
  if (*name == "OnlyFirst") return Truncation::Strategy::only_first;
  if (*name == "OnlySecond") return Truncation::Strategy::only_second;
  return corrupt_at(object.place(), fmt::format("unknown strategy {}", in_quotes(*name)));
}

}  // namespace

Result<Truncation> read_truncation(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  const Result<Side> side =
      object->find("direction") ? read_side(*object) : Result<Side>(Side::right);
  if (!side) return side.error();
  const Result<std::uint64_t> max_length = read_size(*object, "max_length");
  if (!max_length) return max_length.error();
  const Result<std::uint64_t> stride = read_size(*object, "stride");
  if (!stride) return stride.error();
  const Result<Truncation::Strategy> strategy = read_truncation_strategy(*object);
  if (!strategy) return strategy.error();
  return Truncation{
      .max_length = *max_length, .stride = *stride, .strategy = *strategy, .side = *side};
}

Result<Padding> read_padding(const JsonValue& value) {
  const Result<JsonObject> object = value.object();
  if (!object) return object.error();
  Padding padding;
  const Result<std::optional<std::uint64_t>> length = read_padding_length(*object);
  if (!length) return length.error();
  padding.length = *length;
  const Result<Side> side = read_side(*object);
  if (!side) return side.error();
  padding.side = *side;
  if (const std::optional<JsonValue> multiple = object->find("pad_to_multiple_of")) {
    const Result<std::uint64_t> number = read_padding_size(*multiple);
    if (!number) return number.error();
    padding.multiple = *number;
  }
  const Result<JsonValue> id = object->required("pad_id");
  if (!id) return id.error();
  const Result<std::uint32_t> id_number = id->number();
  if (!id_number) return id_number.error();
  const Result<JsonValue> type_id = object->required("pad_type_id");
  if (!type_id) return type_id.error();
  const Result<std::uint32_t> type_number = type_id->number();
  if (!type_number) return type_number.error();
  const Result<std::string_view> token = object->string("pad_token");
  if (!token) return token.error();
  padding.with = {.id = *id_number, .type_id = *type_number, .token = std::string(*token)};
  return padding;
}

}  // namespace hfauth::tokenizer
