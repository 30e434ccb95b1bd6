// SPDX-License-Identifier: Apache-2.0
//
// parse_stored_tokens() answers any bytes with tokens or with `corrupt`, and every token has a
// name.
#include "hfauth/token/stored_tokens.hpp"
#include "property.hpp"

#include <cstdint>
#include <string_view>

using hfauth::fuzzing::require;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed =
      hfauth::token::parse_stored_tokens({reinterpret_cast<const char*>(data), size});
  if (!parsed) {
    require(parsed.error().code == hfauth::Errc::corrupt, "a file that cannot be read is corrupt");
    require(parsed.error().detail.find('\n') == std::string::npos, "a detail is one line");
  }
  return 0;
}
