// SPDX-License-Identifier: Apache-2.0
//
// Recursive descent over RFC 8259, depth-limited, one pass, O(n) but for the comparison of keys,
// which is quadratic in the members of one object (at most 64). Strings are checked while they are
// passed over, so that unescaping later cannot fail.
#include "hfauth/agent/json_reader.hpp"

#include "hfauth/core/hex.hpp"
#include "hfauth/core/utf8.hpp"

#include <charconv>

namespace hfauth::agent {
namespace {

/// A call has a handful of values: one allocation for it.
constexpr std::size_t kUsualNodes = 16;

constexpr std::string_view kSpace = " \t\n\r";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The four hexadecimal digits at `at`, or nullopt.
std::optional<std::uint32_t> four_digits(std::string_view text, std::size_t at) {
  return text.size() < at + 4 ? std::nullopt : hex::value(text.substr(at, 4));
}

bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

template <class Put>
void put_utf8(std::uint32_t point, Put put) {
  if (point < 0x80) {
    put(static_cast<char>(point));
  } else if (point < 0x800) {
    put(static_cast<char>(0xC0 | (point >> 6)));
    put(static_cast<char>(0x80 | (point & 0x3F)));
  } else if (point < 0x10000) {
    put(static_cast<char>(0xE0 | (point >> 12)));
    put(static_cast<char>(0x80 | ((point >> 6) & 0x3F)));
    put(static_cast<char>(0x80 | (point & 0x3F)));
  } else {
    put(static_cast<char>(0xF0 | (point >> 18)));
    put(static_cast<char>(0x80 | ((point >> 12) & 0x3F)));
    put(static_cast<char>(0x80 | ((point >> 6) & 0x3F)));
    put(static_cast<char>(0x80 | (point & 0x3F)));
  }
}

/// `raw` was checked by the parser.
template <class Put>
void unescape(std::string_view raw, Put put) {
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      put(raw[i]);
      continue;
    }
    ++i;
    if (raw[i] != 'u') {
      put(simple_escape(raw[i]));
      continue;
    }
    std::uint32_t point = four_digits(raw, i + 1).value_or(0xFFFD);
    i += 4;
    if (is_high_surrogate(point)) {
      const std::uint32_t low = four_digits(raw, i + 3).value_or(0xDC00);
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      i += 6;
    }
    put_utf8(point, put);
  }
}

std::string plain(std::string_view raw) {
  if (raw.find('\\') == std::string_view::npos) return std::string(raw);
  std::string text;
  text.reserve(raw.size());
  unescape(raw, [&](char c) { text.push_back(c); });
  return text;
}

bool same_key(std::string_view raw, std::string_view key) {
  if (raw.find('\\') == std::string_view::npos) return raw == key;
  return plain(raw) == key;
}

}  // namespace

class JsonParser {
 public:
  JsonParser(std::string_view text, std::size_t max_depth, JsonDocument& document)
      : text_(text), max_depth_(max_depth), document_(document) {}

  bool run() {
    skip_space();
    if (!value(0, 0, 1)) return false;
    skip_space();
    return at_ == text_.size() || fail("something follows the value");
  }

  [[nodiscard]] Error error() const {
    return {Errc::invalid_input, "malformed JSON at byte " + std::to_string(at_) + ": " + reason_};
  }

 private:
  using Node = JsonDocument::Node;

  bool fail(const char* reason) {
    reason_ = reason;
    return false;
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size() && kSpace.find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(at_); }

  Node& node(std::uint32_t index) { return document_.nodes_[index]; }

  /// Reads the value here into a new node. The members of `parent` so far are chained; `key_*` is
  /// its name.
  bool value(std::uint32_t key_begin, std::uint32_t key_end, std::size_t depth) {
    if (depth > max_depth_) return fail("nested too deep");
    const auto index = static_cast<std::uint32_t>(document_.nodes_.size());
    document_.nodes_.push_back({});
    node(index).key_begin = key_begin;
    node(index).key_end = key_end;
    switch (peek()) {
      case '{':
        return object(index, depth);
      case '[':
        return array(index, depth);
      case '"':
        node(index).kind = JsonKind::string;
        return string(node(index).begin, node(index).end);
      case 't':
        return literal(index, JsonKind::boolean, "true");
      case 'f':
        return literal(index, JsonKind::boolean, "false");
      case 'n':
        return literal(index, JsonKind::null, "null");
      default:
        return number(index);
    }
  }

  bool literal(std::uint32_t index, JsonKind kind, std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return fail("not a value");
    node(index).kind = kind;
    node(index).begin = here();
    at_ += word.size();
    node(index).end = here();
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return fail("not a value");
    while (is_digit(peek()))
      ++at_;
    return true;
  }

  bool number(std::uint32_t index) {
    node(index).kind = JsonKind::number;
    node(index).begin = here();
    if (peek() == '-') ++at_;
    const bool zero = peek() == '0';
    if (!digits()) return false;
    if (zero && at_ - node(index).begin > (text_[node(index).begin] == '-' ? 2U : 1U)) {
      return fail("a number begins with 0");
    }
    if (peek() == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return false;
    }
    node(index).end = here();
    return true;
  }

  bool escape() {
    ++at_;
    if (peek() != 'u') {
      if (simple_escape(peek()) == '\0') return fail("unknown escape");
      ++at_;
      return true;
    }
    const std::optional<std::uint32_t> unit = four_digits(text_, at_ + 1);
    if (!unit) return fail("\\u without four hexadecimal digits");
    if (*unit == 0) return fail("U+0000 in a string");
    if (is_low_surrogate(*unit)) return fail("lone surrogate");
    at_ += 5;
    if (!is_high_surrogate(*unit)) return true;
    const std::optional<std::uint32_t> low =
        text_.substr(at_, 2) == "\\u" ? four_digits(text_, at_ + 2) : std::nullopt;
    if (!low || !is_low_surrogate(*low)) return fail("lone surrogate");
    at_ += 6;
    return true;
  }

  bool string(std::uint32_t& begin, std::uint32_t& end) {
    ++at_;
    begin = here();
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        end = here();
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return fail("control character in a string");
      if (c == '\\') {
        if (!escape()) return false;
      } else {
        ++at_;
      }
    }
    return fail("string without an end");
  }

  /// Chains the node made last by value() behind `previous`, or below `parent` as the first.
  void chain(std::uint32_t parent, std::uint32_t& previous, std::uint32_t child) {
    if (previous == 0) {
      node(parent).first_child = child;
    } else {
      node(previous).next = child;
    }
    previous = child;
  }

  bool array(std::uint32_t index, std::size_t depth) {
    node(index).kind = JsonKind::array;
    ++at_;
    skip_space();
    if (peek() == ']') {
      ++at_;
      return true;
    }
    std::uint32_t previous = 0;
    while (true) {
      skip_space();
      const auto child = static_cast<std::uint32_t>(document_.nodes_.size());
      if (!value(0, 0, depth + 1)) return false;
      chain(index, previous, child);
      skip_space();
      const char c = peek();
      if (c != ',' && c != ']') return fail("neither , nor ] behind an element");
      ++at_;
      if (c == ']') return true;
    }
  }

  bool is_duplicate(std::uint32_t parent, std::uint32_t key_begin, std::uint32_t key_end) {
    const std::string key = plain(document_.raw(key_begin, key_end));
    for (std::uint32_t i = node(parent).first_child; i != 0; i = node(i).next) {
      if (same_key(document_.raw(node(i).key_begin, node(i).key_end), key)) return true;
    }
    return false;
  }

  bool member(std::uint32_t index, std::size_t depth) {
    std::uint32_t key_begin = 0;
    std::uint32_t key_end = 0;
    skip_space();
    if (peek() != '"') return fail("a member without a name");
    if (!string(key_begin, key_end)) return false;
    if (is_duplicate(index, key_begin, key_end)) return fail("duplicate key");
    skip_space();
    if (peek() != ':') return fail("no : behind a name");
    ++at_;
    skip_space();
    return value(key_begin, key_end, depth + 1);
  }

  bool object(std::uint32_t index, std::size_t depth) {
    node(index).kind = JsonKind::object;
    ++at_;
    skip_space();
    if (peek() == '}') {
      ++at_;
      return true;
    }
    std::uint32_t previous = 0;
    for (std::size_t members = 1;; ++members) {
      if (members > kMaxJsonMembers) return fail("too many members");
      const auto child = static_cast<std::uint32_t>(document_.nodes_.size());
      if (!member(index, depth)) return false;
      chain(index, previous, child);
      skip_space();
      const char c = peek();
      if (c != ',' && c != '}') return fail("neither , nor } behind a member");
      ++at_;
      if (c == '}') return true;
    }
  }

  std::string_view text_;
  std::size_t max_depth_;
  JsonDocument& document_;
  std::size_t at_ = 0;
  const char* reason_ = "";
};

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::size_t max_depth) {
  if (text.size() >= UINT32_MAX) return Error{Errc::too_large, "JSON text of more than 4 GiB"};
  if (const std::optional<std::size_t> bad = utf8::first_invalid(text)) {
    return Error{Errc::invalid_input,
                 "malformed JSON at byte " + std::to_string(*bad) + ": not UTF-8"};
  }
  JsonDocument document;
  document.text_ = text;
  document.nodes_.reserve(kUsualNodes);
  JsonParser parser(text, max_depth, document);
  if (!parser.run()) return parser.error();
  return document;
}

JsonKind JsonValue::kind() const noexcept {
  return document_->nodes_[index_].kind;
}

std::optional<JsonValue> JsonValue::member(std::string_view key) const {
  if (!is(JsonKind::object)) return std::nullopt;
  for (std::uint32_t i = document_->nodes_[index_].first_child; i != 0;
       i = document_->nodes_[i].next) {
    const JsonDocument::Node& child = document_->nodes_[i];
    if (same_key(document_->raw(child.key_begin, child.key_end), key))
      return JsonValue(*document_, i);
  }
  return std::nullopt;
}

std::vector<JsonValue> JsonValue::children() const {
  std::vector<JsonValue> all;
  for (std::uint32_t i = document_->nodes_[index_].first_child; i != 0;
       i = document_->nodes_[i].next) {
    all.push_back(JsonValue(*document_, i));
  }
  return all;
}

std::size_t JsonValue::size() const {
  std::size_t count = 0;
  for (std::uint32_t i = document_->nodes_[index_].first_child; i != 0;
       i = document_->nodes_[i].next)
    ++count;
  return count;
}

std::string JsonValue::key() const {
  const JsonDocument::Node& node = document_->nodes_[index_];
  return plain(document_->raw(node.key_begin, node.key_end));
}

std::optional<std::string> JsonValue::text() const {
  if (!is(JsonKind::string)) return std::nullopt;
  const JsonDocument::Node& node = document_->nodes_[index_];
  return plain(document_->raw(node.begin, node.end));
}

std::optional<Secret> JsonValue::secret() const {
  if (!is(JsonKind::string)) return std::nullopt;
  const JsonDocument::Node& node = document_->nodes_[index_];
  const std::string_view raw = document_->raw(node.begin, node.end);
  if (raw.empty()) return Secret();
  Secret secret = Secret::allocate(raw.size());
  std::size_t size = 0;
  unescape(raw, [&](char c) { secret.writable()[size++] = c; });
  secret.truncate(size);
  return secret;
}

std::optional<std::int64_t> JsonValue::integer() const {
  if (!is(JsonKind::number)) return std::nullopt;
  const JsonDocument::Node& node = document_->nodes_[index_];
  const std::string_view raw = document_->raw(node.begin, node.end);
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (failure != std::errc() || end != raw.data() + raw.size()) return std::nullopt;
  return value;
}

std::optional<bool> JsonValue::boolean() const {
  if (!is(JsonKind::boolean)) return std::nullopt;
  const JsonDocument::Node& node = document_->nodes_[index_];
  return document_->raw(node.begin, node.end) == "true";
}

}  // namespace hfauth::agent
