// SPDX-License-Identifier: Apache-2.0
//
// Names of properties: Oniguruma compares them without case, spaces, hyphens and underscores.
#include "unicode/character_class.hpp"

#include <string>
#include <utility>

namespace hfauth::tokenizer::unicode {

namespace {

std::string loose_name(std::string_view name) {
  std::string loose;
  for (const char c : name) {
    if (c == ' ' || c == '-' || c == '_') continue;
    loose += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return loose;
}

}  // namespace

std::optional<std::span<const tables::Range>> ranges_of_property(std::string_view name) {
  const std::pair<std::string_view, const std::span<const tables::Range>*> known[] = {
      {"l", &tables::kClass_L},
      {"letter", &tables::kClass_L},
      {"ll", &tables::kClass_Ll},
      {"lowercaseletter", &tables::kClass_Ll},
      {"lm", &tables::kClass_Lm},
      {"modifierletter", &tables::kClass_Lm},
      {"lo", &tables::kClass_Lo},
      {"otherletter", &tables::kClass_Lo},
      {"lt", &tables::kClass_Lt},
      {"titlecaseletter", &tables::kClass_Lt},
      {"lu", &tables::kClass_Lu},
      {"uppercaseletter", &tables::kClass_Lu},
      {"m", &tables::kClass_M},
      {"mark", &tables::kClass_M},
      {"combiningmark", &tables::kClass_M},
      {"n", &tables::kClass_N},
      {"number", &tables::kClass_N},
      {"nd", &tables::kClass_d},
      {"decimalnumber", &tables::kClass_d},
      {"p", &tables::kClass_P},
      {"punctuation", &tables::kClass_P},
      {"s", &tables::kClass_S},
      {"symbol", &tables::kClass_S},
      {"han", &tables::kClass_Han},
      {"word", &tables::kClass_w},
      {"digit", &tables::kClass_d},
      {"space", &tables::kClass_s},
      {"whitespace", &tables::kClass_s},
  };
  const std::string wanted = loose_name(name);
  for (const auto& [known_name, ranges] : known) {
    if (wanted == known_name) return *ranges;
  }
  return std::nullopt;
}

}  // namespace hfauth::tokenizer::unicode
