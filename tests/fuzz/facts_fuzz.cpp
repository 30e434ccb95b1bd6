// SPDX-License-Identifier: Apache-2.0
//
// facts_from_json() answers any bytes with facts or with a named error; facts that it gives survive
// writing and reading, and their report has no control character but its line ends.
#include "hfauth/diagnose/diagnosis.hpp"
#include "hfauth/diagnose/facts.hpp"
#include "hfauth/diagnose/render.hpp"
#include "property.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

using hfauth::fuzzing::require;
namespace diagnose = hfauth::diagnose;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts =
      diagnose::facts_from_json(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!facts) {
    require(facts.error().code == hfauth::Errc::invalid_input ||
                facts.error().code == hfauth::Errc::unsupported,
            "what cannot be read is invalid or newer");
    return 0;
  }
  const std::string written = diagnose::facts_to_json(*facts);
  const auto again = diagnose::facts_from_json(written);
  require(again.has_value() && diagnose::facts_to_json(*again) == written,
          "facts survive writing and reading");
  const std::string shown = diagnose::render_report(
      diagnose::diagnose(*facts, {}), {80, false, true}, 1, std::chrono::milliseconds(0));
  require(std::all_of(shown.begin(), shown.end(),
                      [](char c) {
                        return c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
                      }),
          "no control character reaches a terminal");
  return 0;
}
