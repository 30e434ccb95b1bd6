// SPDX-License-Identifier: Apache-2.0
//
// A strict reader of one JSON text (RFC 8259) that copies nothing: the document is a list of
// offsets into the text, so a token in it stays in the caller's guarded memory until it is taken
// out as a Secret. Stricter than the RFC where two programs could read two things: duplicate keys,
// invalid UTF-8, lone surrogates and U+0000 are refused. Values refer to the document, and the
// document to the text: both must outlive them.
#pragma once

#include "hfauth/core/result.hpp"
#include "hfauth/core/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hfauth::agent {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

/// An object of the protocol has 20 members at most; more than this is an attack on the comparison
/// of keys.
inline constexpr std::size_t kMaxJsonMembers = 64;

class JsonDocument;

/// A place in a document: two words, copied freely.
class JsonValue {
 public:
  [[nodiscard]] JsonKind kind() const noexcept;

  [[nodiscard]] bool is(JsonKind kind) const noexcept { return this->kind() == kind; }

  /// The member of that name; nullopt if there is none or this is no object.
  [[nodiscard]] std::optional<JsonValue> member(std::string_view key) const;

  /// Members of an object or elements of an array, in their order; empty for the other kinds.
  [[nodiscard]] std::vector<JsonValue> children() const;

  /// How many children() has.
  [[nodiscard]] std::size_t size() const;

  /// The name of this member, "" if it is not one.
  [[nodiscard]] std::string key() const;

  /// The text of a string in ordinary memory, unescaped; nullopt for other kinds. Never for
  /// secrets.
  [[nodiscard]] std::optional<std::string> text() const;

  /// The text of a string in guarded memory, unescaped; nullopt for other kinds.
  [[nodiscard]] std::optional<Secret> secret() const;

  /// A number without fraction and exponent that fits; nullopt for everything else.
  [[nodiscard]] std::optional<std::int64_t> integer() const;

  [[nodiscard]] std::optional<bool> boolean() const;

 private:
  friend class JsonDocument;

  JsonValue(const JsonDocument& document, std::uint32_t index)
      : document_(&document), index_(index) {}

  const JsonDocument* document_;
  std::uint32_t index_;
};

class JsonDocument {
 public:
  /// `max_depth` counts the outermost value as 1. Errors: invalid_input; the detail names the byte
  /// offset and the rule, never the content.
  [[nodiscard]] static Result<JsonDocument> parse(std::string_view text, std::size_t max_depth);

  [[nodiscard]] JsonValue root() const noexcept { return {*this, 0}; }

 private:
  friend class JsonValue;
  friend class JsonParser;

  struct Node {
    JsonKind kind = JsonKind::null;
    std::uint32_t begin = 0;  ///< of the value; without the quotes of a string
    std::uint32_t end = 0;
    std::uint32_t key_begin = 0;
    std::uint32_t key_end = 0;
    std::uint32_t first_child = 0;  ///< 0: none (the root is nobody's child)
    std::uint32_t next = 0;         ///< 0: last of its parent
  };

  [[nodiscard]] std::string_view raw(std::uint32_t begin, std::uint32_t end) const noexcept {
    return text_.substr(begin, end - begin);
  }

  std::string_view text_;
  std::vector<Node> nodes_;
};

}  // namespace hfauth::agent
