// SPDX-License-Identifier: Apache-2.0
//
// explain_text() answers any pasted bytes, points into the text, and repeats no token that was in
// it.
#include "hfauth/diagnose/explain.hpp"
#include "property.hpp"

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

using hfauth::fuzzing::require;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string token = "hf_" + std::string(34, 'T');
  std::istringstream in(std::string(text.substr(0, size / 2)) + " " + token + " " +
                        std::string(text.substr(size / 2)));
  const auto explained = hfauth::diagnose::explain_text(in);
  if (!explained) {
    require(explained.error().code == hfauth::Errc::invalid_input,
            "a text that is none is invalid input");
    require(explained.error().detail.find(token) == std::string::npos, "an error repeats no token");
    return 0;
  }
  for (const auto& found : explained->explanations) {
    require(1 <= found.first_line && found.first_line <= found.last_line &&
                found.last_line <= explained->lines,
            "a message was seen within the text");
    for (const std::string& said :
         {found.quote, found.says, found.means, found.again, found.finding.why}) {
      require(said.find(token) == std::string::npos, "an explanation repeats no token");
    }
  }
  return 0;
}
