// SPDX-License-Identifier: Apache-2.0
//
// utf8::make_valid repairs anything and changes nothing that is valid; wrapping its answer loses
// nothing but spaces.
#include "hfauth/core/utf8.hpp"
#include "property.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using hfauth::fuzzing::require;

namespace {

std::string without_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string repaired = hfauth::utf8::make_valid(bytes);
  require(!hfauth::utf8::first_invalid(repaired).has_value(), "a repaired text is valid");
  require(hfauth::utf8::first_invalid(bytes).has_value() || repaired == bytes,
          "a valid text stays as it is");
  require(without_space(hfauth::utf8::wrap(repaired, 20, "")) == without_space(repaired),
          "wrapping keeps every word");
  return 0;
}
