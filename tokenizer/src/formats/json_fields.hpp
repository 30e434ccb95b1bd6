// SPDX-License-Identifier: Apache-2.0
//
// Typed access to parsed JSON that says where a fault is: every value carries its place in the
// file, such as `pre_tokenizer.pretokenizers[0].pattern`. Views into the parsed text: valid while
// its JsonParser lives.
#pragma once

#include "hfauth/tokenizer/error.hpp"

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::tokenizer {

/// The largest id that a file may name, so that the next free one, and the mark kNoToken, always
/// fit.
inline constexpr std::uint64_t kLargestId = 0x7FFFFFFF;

/// `text` in quotes, shortened, on one line, for error details.
[[nodiscard]] std::string in_quotes(std::string_view text);

[[nodiscard]] Error corrupt_at(std::string_view place, std::string_view fault);
[[nodiscard]] Error not_supported(std::string_view component);
/// "not supported yet: normalizer Foo, at normalizer.normalizers[1]"; `kind` is what it should be,
/// `type` what the file says.
[[nodiscard]] Error unknown_component(std::string_view kind, std::string_view type,
                                      std::string_view place);

class JsonObject;

/// A value and its place.
struct JsonValue {
  simdjson::dom::element element;
  std::string place;

  [[nodiscard]] bool is_null() const noexcept { return element.is_null(); }

  [[nodiscard]] Result<std::string_view> string() const;
  [[nodiscard]] Result<bool> boolean() const;
  [[nodiscard]] Result<std::uint32_t> number() const;   ///< an integer from 0 to kLargestId
  [[nodiscard]] Result<std::uint64_t> size() const;     ///< an integer that is not negative
  [[nodiscard]] Result<std::string> character() const;  ///< a string of one code point
  [[nodiscard]] Result<JsonObject> object() const;
  [[nodiscard]] Result<std::vector<JsonValue>> array() const;
};

/// The one place where JSON is parsed: in one pass, with a limit of 1024 to its depth, UTF-8
/// checked. Owns what it parsed, for one text. A text with simdjson's padding behind it is not
/// copied.
class JsonParser {
 public:
  /// The top of `text`; `place` is its own place, such as the name of its file. Errors: corrupt.
  [[nodiscard]] Result<JsonValue> parse(simdjson::padded_string_view text, std::string place);

 private:
  simdjson::dom::parser parser_;
};

/// A text of which no more memory than itself may be read; to be parsed by way of a copy.
[[nodiscard]] inline simdjson::padded_string_view without_padding(std::string_view text) noexcept {
  return simdjson::padded_string_view(text, text.size());
}

/// An object with few keys, each at most once (a repeated key is an error, as in the reference's
/// parser).
class JsonObject {
 public:
  [[nodiscard]] static Result<JsonObject> from(const JsonValue& value);

  /// The value of `key`; nullopt if it is absent or null.
  [[nodiscard]] std::optional<JsonValue> find(std::string_view key) const;
  [[nodiscard]] Result<JsonValue> required(std::string_view key) const;
  [[nodiscard]] Result<std::string_view> string(std::string_view key) const;
  [[nodiscard]] Result<bool> boolean(std::string_view key) const;
  [[nodiscard]] Result<bool> boolean_or(std::string_view key, bool fallback) const;
  [[nodiscard]] Result<std::vector<JsonValue>> array(std::string_view key) const;
  /// The value of "type"; empty if there is none.
  [[nodiscard]] Result<std::string_view> type() const;

  [[nodiscard]] const std::string& place() const noexcept { return place_; }

 private:
  JsonObject(simdjson::dom::object object, std::string place)
      : object_(object), place_(std::move(place)) {}

  simdjson::dom::object object_;
  std::string place_;
};

}  // namespace hfauth::tokenizer
