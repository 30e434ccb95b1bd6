// SPDX-License-Identifier: Apache-2.0
//
// Typed access to parsed JSON. simdjson's error-code interface is used throughout; nothing here
// throws.
#include "formats/json_fields.hpp"

#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hfauth::tokenizer {

namespace {

constexpr std::size_t kMaxQuoted = 40;

std::string_view kind_of(const simdjson::dom::element& element) {
  switch (element.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
    default:
      return "a number";
  }
}

Error wrong_kind(const JsonValue& value, std::string_view wanted) {
  return corrupt_at(value.place,
                    fmt::format("expected {}, found {}", wanted, kind_of(value.element)));
}

std::string join_place(std::string_view place, std::string_view key) {
  return place.empty() ? std::string(key) : fmt::format("{}.{}", place, key);
}

}  // namespace

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  std::size_t shown = std::min(text.size(), kMaxQuoted);
  while (shown < text.size() && shown > 0 &&
         (static_cast<unsigned char>(text[shown]) & 0xC0U) == 0x80U)
    --shown;
  for (const char c : text.substr(0, shown)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + (shown < text.size() ? "...\"" : "\"");
}

Error corrupt_at(std::string_view place, std::string_view fault) {
  return {Errc::corrupt, place.empty() ? std::string(fault) : fmt::format("{}: {}", place, fault)};
}

Error not_supported(std::string_view component) {
  return {Errc::unsupported, fmt::format("not supported yet: {}", component)};
}

Error unknown_component(std::string_view kind, std::string_view type, std::string_view place) {
  return not_supported(type.empty() ? fmt::format("a {} without a type, at {}", kind, place)
                                    : fmt::format("{} {}, at {}", kind, type, place));
}

Result<std::string_view> JsonValue::string() const {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return wrong_kind(*this, "a string");
  return text;
}

Result<bool> JsonValue::boolean() const {
  bool truth = false;
  if (element.get(truth) != simdjson::SUCCESS) return wrong_kind(*this, "true or false");
  return truth;
}

Result<std::uint32_t> JsonValue::number() const {
  std::uint64_t number = 0;
  if (element.get(number) == simdjson::SUCCESS) {
    if (number <= kLargestId) return static_cast<std::uint32_t>(number);
    return corrupt_at(place, fmt::format("{} is too large", number));
  }
  if (element.is_number()) return corrupt_at(place, "expected an integer that is not negative");
  return wrong_kind(*this, "a number");
}

Result<std::uint64_t> JsonValue::size() const {
  std::uint64_t number = 0;
  if (element.get(number) == simdjson::SUCCESS) return number;
  if (element.is_number()) return corrupt_at(place, "expected an integer that is not negative");
  return wrong_kind(*this, "a number");
}

Result<std::string> JsonValue::character() const {
  const Result<std::string_view> text = string();
  if (!text) return text.error();
  if (unicode::count_code_points(*text) != 1)
    return corrupt_at(place, fmt::format("{} is not one character", in_quotes(*text)));
  return std::string(*text);
}

Result<JsonValue> JsonParser::parse(simdjson::padded_string_view text, std::string place) {
  simdjson::dom::element root;
  const bool is_padded = text.capacity() - text.size() >= simdjson::SIMDJSON_PADDING;
  if (const auto code = parser_.parse(text.data(), text.size(), !is_padded).get(root);
      code != simdjson::SUCCESS) {
    return corrupt_at(place, fmt::format("not valid JSON: {}", simdjson::error_message(code)));
  }
  return JsonValue{root, std::move(place)};
}

Result<JsonObject> JsonValue::object() const {
  return JsonObject::from(*this);
}

Result<std::vector<JsonValue>> JsonValue::array() const {
  simdjson::dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return wrong_kind(*this, "an array");
  std::vector<JsonValue> values;
  for (const simdjson::dom::element item : array) {
    values.push_back({item, fmt::format("{}[{}]", place, values.size())});
  }
  return values;
}

Result<JsonObject> JsonObject::from(const JsonValue& value) {
  simdjson::dom::object object;
  if (value.element.get(object) != simdjson::SUCCESS) return wrong_kind(value, "an object");
  std::vector<std::string_view> keys;
  for (const simdjson::dom::key_value_pair field : object)
    keys.push_back(field.key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end())
    return corrupt_at(value.place, fmt::format("the key {} stands twice", in_quotes(*twice)));
  return JsonObject(object, value.place);
}

std::optional<JsonValue> JsonObject::find(std::string_view key) const {
  simdjson::dom::element element;
  if (object_.at_key(key).get(element) != simdjson::SUCCESS || element.is_null())
    return std::nullopt;
  return JsonValue{element, join_place(place_, key)};
}

Result<JsonValue> JsonObject::required(std::string_view key) const {
  std::optional<JsonValue> value = find(key);
  if (!value) return corrupt_at(place_, fmt::format("\"{}\" is missing", key));
  return std::move(*value);
}

Result<std::string_view> JsonObject::string(std::string_view key) const {
  const Result<JsonValue> value = required(key);
  if (!value) return value.error();
  return value->string();
}

Result<bool> JsonObject::boolean(std::string_view key) const {
  const Result<JsonValue> value = required(key);
  if (!value) return value.error();
  return value->boolean();
}

Result<bool> JsonObject::boolean_or(std::string_view key, bool fallback) const {
  const std::optional<JsonValue> value = find(key);
  return value ? value->boolean() : Result<bool>(fallback);
}

Result<std::vector<JsonValue>> JsonObject::array(std::string_view key) const {
  const Result<JsonValue> value = required(key);
  if (!value) return value.error();
  return value->array();
}

Result<std::string_view> JsonObject::type() const {
  const std::optional<JsonValue> value = find("type");
  return value ? value->string() : Result<std::string_view>(std::string_view());
}

}  // namespace hfauth::tokenizer
