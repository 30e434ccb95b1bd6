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
      {"cc", &tables::kClass_Cc},
      {"control", &tables::kClass_Cc},
      {"cf", &tables::kClass_Cf},
      {"format", &tables::kClass_Cf},
      {"cn", &tables::kClass_Cn},
      {"unassigned", &tables::kClass_Cn},
      {"co", &tables::kClass_Co},
      {"privateuse", &tables::kClass_Co},
      {"mc", &tables::kClass_Mc},
      {"spacingmark", &tables::kClass_Mc},
      {"me", &tables::kClass_Me},
      {"enclosingmark", &tables::kClass_Me},
      {"mn", &tables::kClass_Mn},
      {"nonspacingmark", &tables::kClass_Mn},
      {"nl", &tables::kClass_Nl},
      {"letternumber", &tables::kClass_Nl},
      {"no", &tables::kClass_No},
      {"othernumber", &tables::kClass_No},
      {"pc", &tables::kClass_Pc},
      {"connectorpunctuation", &tables::kClass_Pc},
      {"pd", &tables::kClass_Pd},
      {"dashpunctuation", &tables::kClass_Pd},
      {"pe", &tables::kClass_Pe},
      {"closepunctuation", &tables::kClass_Pe},
      {"pf", &tables::kClass_Pf},
      {"finalpunctuation", &tables::kClass_Pf},
      {"pi", &tables::kClass_Pi},
      {"initialpunctuation", &tables::kClass_Pi},
      {"po", &tables::kClass_Po},
      {"otherpunctuation", &tables::kClass_Po},
      {"ps", &tables::kClass_Ps},
      {"openpunctuation", &tables::kClass_Ps},
      {"sc", &tables::kClass_Sc},
      {"currencysymbol", &tables::kClass_Sc},
      {"sk", &tables::kClass_Sk},
      {"modifiersymbol", &tables::kClass_Sk},
      {"sm", &tables::kClass_Sm},
      {"mathsymbol", &tables::kClass_Sm},
      {"so", &tables::kClass_So},
      {"othersymbol", &tables::kClass_So},
      {"zl", &tables::kClass_Zl},
      {"lineseparator", &tables::kClass_Zl},
      {"zp", &tables::kClass_Zp},
      {"paragraphseparator", &tables::kClass_Zp},
      {"zs", &tables::kClass_Zs},
      {"spaceseparator", &tables::kClass_Zs},
      {"alphabetic", &tables::kClass_Alphabetic},
      {"uppercase", &tables::kClass_Uppercase},
      {"lowercase", &tables::kClass_Lowercase},
      {"emoji", &tables::kClass_Emoji},
      {"hiragana", &tables::kClass_Hiragana},
      {"katakana", &tables::kClass_Katakana},
      {"hangul", &tables::kClass_Hangul},
      {"latin", &tables::kClass_Latin},
      {"greek", &tables::kClass_Greek},
      {"cyrillic", &tables::kClass_Cyrillic},
      {"arabic", &tables::kClass_Arabic},
      {"hebrew", &tables::kClass_Hebrew},
      {"thai", &tables::kClass_Thai},
      {"devanagari", &tables::kClass_Devanagari},
      // POSIX brackets; \p{...} knows them too, but for punct, which is the category there.
      {"alnum", &tables::kClass_posix_alnum},
      {"alpha", &tables::kClass_Alphabetic},
      {"blank", &tables::kClass_posix_blank},
      {"cntrl", &tables::kClass_Cc},
      {"graph", &tables::kClass_posix_graph},
      {"lower", &tables::kClass_Lowercase},
      {"print", &tables::kClass_posix_print},
      {"punct", &tables::kClass_posix_punct},
      {"upper", &tables::kClass_Uppercase},
  };
  const std::string wanted = loose_name(name);
  for (const auto& [known_name, ranges] : known) {
    if (wanted == known_name) return *ranges;
  }
  return std::nullopt;
}

}  // namespace hfauth::tokenizer::unicode
