// SPDX-License-Identifier: Apache-2.0
//
// Unicode 16: C0, DEL and C1 controls; the line and paragraph separators; the directional controls
// of UAX 9, with which a name can pretend to be another one.
#include "shown_name.hpp"

#include "hfauth/core/utf8.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace hfauth::cli {
namespace {

/// The code point at `i` of valid UTF-8, and its length in bytes.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 1;
};

CodePoint code_point_at(std::string_view text, std::size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  std::uint32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k)
    value = value << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
  return {value, length};
}

bool is_unsafe(std::uint32_t c) {
  const bool is_control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool is_direction = c == 0x61C || c == 0x200E || c == 0x200F ||
                            (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return is_control || is_direction;
}

}  // namespace

std::string shown_name(std::string_view name) {
  const std::string valid = utf8::make_valid(name);
  std::string shown;
  shown.reserve(valid.size());
  for (std::size_t i = 0; i < valid.size();) {
    const CodePoint c = code_point_at(valid, i);
    if (!is_unsafe(c.value)) {
      shown.append(valid, i, c.length);
    } else if (c.value < 0x80) {
      shown += fmt::format("\\x{:02x}", c.value);
    } else {
      shown += fmt::format("\\u{{{:x}}}", c.value);
    }
    i += c.length;
  }
  return shown;
}

}  // namespace hfauth::cli
