// SPDX-License-Identifier: Apache-2.0
//
// How tokens and encodings are written. JSON is built by hand: it is a handful of number lists, and
// megabytes of them in the JSON-lines mode.
#include "tokenize_output.hpp"

#include "tokenize_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hfauth::cli {

namespace {

struct Character {
  char32_t code_point;
  std::size_t n_bytes;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> char32_t {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  if (byte(0) < 0x80) return {byte(0), 1};
  if (byte(0) < 0xE0) return {((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU), 2};
  if (byte(0) < 0xF0)
    return {((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU), 3};
  return {((byte(0) & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) |
              (byte(3) & 0x3FU),
          4};
}

/// The characters that could harm a terminal or hide: controls, separators but the space,
/// formatting, surrogates, private use and noncharacters. Unassigned ones are shown as they are,
/// which Python would not do.
bool is_printable(char32_t c) {
  struct Range {
    char32_t first;
    char32_t last;
  };

  static constexpr Range kHidden[] = {
      {0x00, 0x1F},       {0x7F, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},
      {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},
      {0x8E2, 0x8E2},     {0x1680, 0x1680},   {0x180E, 0x180E},   {0x2000, 0x200F},
      {0x2028, 0x202F},   {0x205F, 0x206F},   {0x3000, 0x3000},   {0xD800, 0xF8FF},
      {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD},
      {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
      {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF}};
  return std::none_of(std::begin(kHidden), std::end(kHidden),
                      [c](const Range& range) { return c >= range.first && c <= range.last; });
}

void append_python_escape(std::string& out, char32_t c) {
  const auto number = static_cast<unsigned>(c);
  auto to = std::back_inserter(out);
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (number <= 0xFF) {
    fmt::format_to(to, "\\x{:02x}", number);
  } else if (number <= 0xFFFF) {
    fmt::format_to(to, "\\u{:04x}", number);
  } else {
    fmt::format_to(to, "\\U{:08x}", number);
  }
}

template <class List, class Append>
void append_list(std::string& out, const List& list, Append append_item) {
  out += '[';
  bool first = true;
  for (const auto& item : list) {
    if (!first) out += ',';
    first = false;
    append_item(item);
  }
  out += ']';
}

void append_number(std::string& out, std::uint32_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

void append_numbers(std::string& out, const auto& numbers) {
  append_list(out, numbers, [&](std::uint32_t number) { append_number(out, number); });
}

void append_optional_numbers(std::string& out,
                             const std::vector<std::optional<std::uint32_t>>& numbers) {
  append_list(out, numbers, [&](const std::optional<std::uint32_t>& number) {
    if (number) {
      append_number(out, *number);
    } else {
      out += "null";
    }
  });
}

void append_field(std::string& out, const tokenizer::Encoding& encoding, std::string_view field) {
  if (field == "ids") {
    append_numbers(out, encoding.ids);
  } else if (field == "tokens") {
    append_list(out, encoding.tokens,
                [&](const std::string& token) { append_json_string(out, token); });
  } else if (field == "offsets") {
    append_list(out, encoding.offsets, [&](const tokenizer::CodePointRange& range) {
      fmt::format_to(std::back_inserter(out), "[{},{}]", range.begin, range.end);
    });
  } else if (field == "byte_offsets") {
    append_list(out, encoding.byte_offsets, [&](const tokenizer::TextByteRange& range) {
      fmt::format_to(std::back_inserter(out), "[{},{}]", range.begin, range.end);
    });
  } else if (field == "special_tokens_mask") {
    append_numbers(out, encoding.special_tokens_mask);
  } else if (field == "type_ids") {
    append_numbers(out, encoding.type_ids);
  } else if (field == "attention_mask") {
    append_numbers(out, encoding.attention_mask);
  } else if (field == "word_ids") {
    append_optional_numbers(out, encoding.word_ids);
  } else {
    append_optional_numbers(out, encoding.sequence_ids);
  }
}

}  // namespace

void append_python_repr(std::string& out, std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  out += quote;
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    if (next.code_point == static_cast<unsigned char>(quote) || next.code_point == '\\') {
      out += '\\';
      out += text[at];
    } else if (is_printable(next.code_point)) {
      out += text.substr(at, next.n_bytes);
    } else {
      append_python_escape(out, next.code_point);
    }
    at += next.n_bytes;
  }
  out += quote;
}

std::string python_list(const std::vector<std::string>& tokens, bool colour) {
  // Black on cyan and on yellow: to be read on light and on dark terminals.
  constexpr std::string_view kBackgrounds[] = {"\x1b[30;46m", "\x1b[30;43m"};
  std::string out = "[";
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) out += ", ";
    if (colour) out += kBackgrounds[i % 2];
    append_python_repr(out, tokens[i]);
    if (colour) out += "\x1b[0m";
  }
  return out + "]";
}

void append_id_list(std::string& out, std::span<const tokenizer::TokenId> ids) {
  append_numbers(out, ids);
}

std::string id_list(std::span<const tokenizer::TokenId> ids) {
  std::string out = "[";
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ", ";
    append_number(out, ids[i]);
  }
  return out + "]";
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                     static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_encoding(std::string& out, const tokenizer::Encoding& encoding,
                     const std::vector<std::string>& fields) {
  out += '{';
  bool first = true;
  for (const std::string& field : encoding_fields()) {
    if (field == "overflowing" && encoding.overflowing.empty()) continue;
    if (fields.empty() && field == "byte_offsets") continue;
    if (!fields.empty() && std::find(fields.begin(), fields.end(), field) == fields.end()) continue;
    out += first ? "\"" : ",\"";
    first = false;
    out += field;
    out += "\":";
    if (field == "overflowing") {
      append_list(out, encoding.overflowing,
                  [&](const tokenizer::Encoding& part) { append_encoding(out, part, fields); });
    } else {
      append_field(out, encoding, field);
    }
  }
  out += '}';
}

}  // namespace hfauth::cli
