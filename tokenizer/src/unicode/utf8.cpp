// SPDX-License-Identifier: Apache-2.0
//
// The scan for invalid UTF-8 walks the well-formed sequences of Unicode 16, table 3-7; simdjson's
// validator answers first for the usual case, that all is well.
#include "unicode/utf8.hpp"

#include <simdjson.h>

#include <algorithm>

namespace hfauth::tokenizer::unicode {

namespace {

struct Step {
  std::size_t n_bytes;  ///< length of the sequence, or of the maximal invalid part
  bool valid;
};

/// The allowed range of the second byte, by the first one, and the length of the sequence.
struct Lead {
  unsigned char second_low;
  unsigned char second_high;
  std::size_t n_bytes;  ///< 0: not a lead byte
};

Lead lead_of(unsigned char first) noexcept {
  if (first >= 0xC2 && first <= 0xDF) return {0x80, 0xBF, 2};
  if (first == 0xE0) return {0xA0, 0xBF, 3};
  if (first == 0xED) return {0x80, 0x9F, 3};
  if (first >= 0xE1 && first <= 0xEF) return {0x80, 0xBF, 3};
  if (first == 0xF0) return {0x90, 0xBF, 4};
  if (first >= 0xF1 && first <= 0xF3) return {0x80, 0xBF, 4};
  if (first == 0xF4) return {0x80, 0x8F, 4};
  return {0, 0, 0};
}

Step step_at(std::string_view bytes, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
  if (byte(0) < 0x80) return {1, true};
  const Lead lead = lead_of(byte(0));
  const std::size_t left = bytes.size() - at;
  if (lead.n_bytes == 0 || left < 2 || byte(1) < lead.second_low || byte(1) > lead.second_high) {
    return {1, false};
  }
  for (std::size_t i = 2; i < lead.n_bytes; ++i) {
    if (i >= left || (byte(i) & 0xC0U) != 0x80U) return {i, false};
  }
  return {lead.n_bytes, true};
}

}  // namespace

std::size_t count_code_points(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::optional<std::size_t> first_invalid(std::string_view bytes) noexcept {
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) return std::nullopt;
  for (std::size_t at = 0; at < bytes.size();) {
    const Step step = step_at(bytes, at);
    if (!step.valid) return at;
    at += step.n_bytes;
  }
  return std::nullopt;
}

std::string make_valid(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Step step = step_at(bytes, at);
    out += step.valid ? bytes.substr(at, step.n_bytes) : std::string_view("\xEF\xBF\xBD");
    at += step.n_bytes;
  }
  return out;
}

void append(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | (code_point >> 6U));
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | (code_point >> 12U));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | (code_point >> 18U));
    put(0x80U | ((code_point >> 12U) & 0x3FU));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
}

}  // namespace hfauth::tokenizer::unicode
