// SPDX-License-Identifier: Apache-2.0
//
// redact() masks a token wherever it stands in a text.
#include "hfauth/core/mask.hpp"
#include "property.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using hfauth::fuzzing::require;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string token = "hf_" + std::string(34, 'T');
  const std::string with_token = std::string(text.substr(0, size / 2)) + " " + token + " " +
                                 std::string(text.substr(size / 2));
  require(hfauth::redact(with_token).find(token) == std::string::npos, "no token survives");
  return 0;
}
