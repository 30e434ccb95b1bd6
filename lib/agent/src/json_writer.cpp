// SPDX-License-Identifier: Apache-2.0
//
// Runs of bytes that need no escape are copied whole; the escapes are those that RFC 8259 §7
// demands, no more.
#include "hfauth/agent/json_writer.hpp"

#include "hfauth/core/hex.hpp"
#include "hfauth/core/utf8.hpp"

#include <array>
#include <charconv>

namespace hfauth::agent {
namespace {

bool needs_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

}  // namespace

void JsonWriter::separate() {
  if (needs_comma_) out_.push_back(',');
  needs_comma_ = true;
}

void JsonWriter::begin_object() {
  separate();
  out_.push_back('{');
  needs_comma_ = false;
}

void JsonWriter::end_object() {
  out_.push_back('}');
  needs_comma_ = true;
}

void JsonWriter::begin_array() {
  separate();
  out_.push_back('[');
  needs_comma_ = false;
}

void JsonWriter::end_array() {
  out_.push_back(']');
  needs_comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  string(name);
  out_.push_back(':');
  needs_comma_ = false;
}

void JsonWriter::string(std::string_view utf8) {
  separate();
  out_.push_back('"');
  while (const std::optional<std::size_t> bad = utf8::first_invalid(utf8)) {
    escaped(utf8.substr(0, *bad));
    out_.append("\xEF\xBF\xBD");
    utf8.remove_prefix(*bad + 1);
  }
  escaped(utf8);
  out_.push_back('"');
}

void JsonWriter::escaped(std::string_view valid_utf8) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < valid_utf8.size(); ++i) {
    const char c = valid_utf8[i];
    if (!needs_escape(c)) continue;
    out_.append(valid_utf8.substr(from, i - from));
    from = i + 1;
    out_.push_back('\\');
    switch (c) {
      case '"':
      case '\\':
        out_.push_back(c);
        break;
      case '\n':
        out_.push_back('n');
        break;
      case '\r':
        out_.push_back('r');
        break;
      case '\t':
        out_.push_back('t');
        break;
      default:
        out_.append("u00");
        out_.push_back(hex::kDigits[static_cast<unsigned char>(c) >> 4]);
        out_.push_back(hex::kDigits[static_cast<unsigned char>(c) & 0xF]);
    }
  }
  out_.append(valid_utf8.substr(from));
}

void JsonWriter::number(std::int64_t value) {
  separate();
  std::array<char, 24> digits{};
  const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out_.append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void JsonWriter::boolean(bool value) {
  separate();
  out_.append(value ? "true" : "false");
}

void JsonWriter::null() {
  separate();
  out_.append("null");
}

}  // namespace hfauth::agent
