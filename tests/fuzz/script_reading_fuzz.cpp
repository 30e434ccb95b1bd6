// SPDX-License-Identifier: Apache-2.0
//
// read_script() and read_notebook() take any bytes; a place is within the text, and what is not
// called a token holds none.
#include "property.hpp"
#include "script_reading.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

using hfauth::fuzzing::require;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hfauth::diagnose;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  const ScriptReading script = read_script(text);
  for (const RawPlace& place : script.places) {
    require(1 <= place.line && place.line <= lines, "a place is within the text");
    require(place.cell == 0, "a script has no cells");
    require(place.subject.find("hf_fuzz") == std::string::npos, "a subject is no token");
  }
  for (const RawPlace& place : read_notebook(text).places)
    require(place.cell >= 1, "a place of a notebook is in a cell");
  return 0;
}
