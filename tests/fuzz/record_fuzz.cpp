// SPDX-License-Identifier: Apache-2.0
//
// decode_record() answers any bytes with a record or with `corrupt`; a record that it gives can be
// encoded and read again.
#include "hfauth/token/token_record.hpp"
#include "property.hpp"

#include <cstdint>
#include <string_view>

using hfauth::fuzzing::require;
namespace token = hfauth::token;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto record = token::decode_record({reinterpret_cast<const char*>(data), size});
  if (!record) {
    require(record.error().code == hfauth::Errc::corrupt,
            "a document that cannot be read is corrupt");
    return 0;
  }
  const auto again = token::decode_record(token::encode_record(*record).expose());
  require(again.has_value() && again->facts == record->facts, "a record survives encoding");
  require(again->token.equals(record->token.expose()), "the token survives encoding");
  return 0;
}
