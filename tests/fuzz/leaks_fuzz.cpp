// SPDX-License-Identifier: Apache-2.0
//
// find_tokens() answers any bytes: what it names lies in the text, in order, has the shape of a
// token, and is found again when it stands alone. A token that is put between is always found.
#include "hfauth/diagnose/leaks.hpp"
#include "property.hpp"

#include <cstdint>
#include <string>
#include <string_view>

using hfauth::diagnose::find_tokens;
using hfauth::diagnose::TokenPlace;
using hfauth::fuzzing::require;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t done = 0;
  for (const TokenPlace& place : find_tokens(text)) {
    require(done <= place.begin && place.begin < place.end && place.end <= text.size(),
            "places are in the text, in order");
    const std::string_view token = text.substr(place.begin, place.end - place.begin);
    require(token.starts_with("hf_") || token.starts_with("api_org_"), "a token has its prefix");
    require(find_tokens(token).size() == 1, "a token is one alone, too");
    done = place.end;
  }
  const std::string planted = "hf_fuzz" + std::string(30, 'T');
  const std::string around = std::string(text.substr(0, size / 2)) + " " + planted + " " +
                             std::string(text.substr(size / 2));
  bool found = false;
  for (const TokenPlace& place : find_tokens(around)) {
    found = found || around.substr(place.begin, place.end - place.begin) == planted;
  }
  require(found, "a planted token is found whatever stands around it");
  return 0;
}
