// SPDX-License-Identifier: Apache-2.0
//
// A pattern of a tokenizer.json: {"String": s} or {"Regex": s}; and a Replace, which has one.
#include "formats/components.hpp"

namespace hfauth::tokenizer {

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

Result<Replacement> read_replacement(const JsonObject& object) {
  const Result<JsonValue> value = object.required("pattern");
  if (!value) return value.error();
  Result<std::unique_ptr<const Pattern>> pattern = read_pattern(*value);
  if (!pattern) return pattern.error();
  const Result<std::string_view> content = object.string("content");
  if (!content) return content.error();
  return Replacement{std::move(*pattern), std::string(*content)};
}

}  // namespace hfauth::tokenizer
