// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of serde_json 1.0 without its feature float_roundtrip (de.rs, f64_from_parts).
#include "formats/score.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace hfauth::tokenizer {

namespace {

/// Powers of ten as the nearest doubles; a literal is exact to the last bit, pow() need not be.
double power_of_ten(int exponent) noexcept {
  std::array<char, 8> text{'1', 'e'};
  const auto written = std::to_chars(text.data() + 2, text.data() + text.size(), exponent);
  double power = 0;
  std::from_chars(text.data(), written.ptr, power);
  return power;
}

}  // namespace

double score_as_read(double nearest) noexcept {
  constexpr int kLargestPower = 308;
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), std::fabs(nearest),
                                     std::chars_format::scientific);
  const std::string_view shortest(text.data(), static_cast<std::size_t>(written.ptr - text.data()));
  const std::size_t mark = shortest.find('e');
  std::uint64_t significand = 0;
  int exponent = 0;
  for (const char c : shortest.substr(0, mark)) {
    if (c == '.') continue;
    significand = significand * 10 + static_cast<std::uint64_t>(c - '0');
    --exponent;
  }
  ++exponent;  // the digit before the point
  const bool negative = shortest[mark + 1] == '-';
  int power = 0;
  std::from_chars(shortest.data() + mark + 2, shortest.data() + shortest.size(), power);
  exponent += negative ? -power : power;
  auto value = static_cast<double>(significand);
  for (; exponent < -kLargestPower && value != 0; exponent += kLargestPower)
    value /= power_of_ten(kLargestPower);
  value = exponent >= 0 ? value * power_of_ten(exponent) : value / power_of_ten(-exponent);
  return std::signbit(nearest) ? -value : value;
}

}  // namespace hfauth::tokenizer
