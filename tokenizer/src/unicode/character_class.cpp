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

struct Property {
  std::string_view name;  ///< in the loose form
  const std::span<const tables::Range>* ranges;
};

constexpr Property kProperties[] = {
    {"l", &tables::kClassL},
    {"letter", &tables::kClassL},
    {"ll", &tables::kClassLl},
    {"lowercaseletter", &tables::kClassLl},
    {"lm", &tables::kClassLm},
    {"modifierletter", &tables::kClassLm},
    {"lo", &tables::kClassLo},
    {"otherletter", &tables::kClassLo},
    {"lt", &tables::kClassLt},
    {"titlecaseletter", &tables::kClassLt},
    {"lu", &tables::kClassLu},
    {"uppercaseletter", &tables::kClassLu},
    {"m", &tables::kClassM},
    {"mark", &tables::kClassM},
    {"combiningmark", &tables::kClassM},
    {"n", &tables::kClassN},
    {"number", &tables::kClassN},
    {"nd", &tables::kClassDigit},
    {"decimalnumber", &tables::kClassDigit},
    {"p", &tables::kClassP},
    {"punctuation", &tables::kClassP},
    {"s", &tables::kClassS},
    {"symbol", &tables::kClassS},
    {"han", &tables::kClassHan},
    {"word", &tables::kClassWord},
    {"digit", &tables::kClassDigit},
    {"space", &tables::kClassSpace},
    {"whitespace", &tables::kClassSpace},
    {"cc", &tables::kClassCc},
    {"control", &tables::kClassCc},
    {"cf", &tables::kClassCf},
    {"format", &tables::kClassCf},
    {"cn", &tables::kClassCn},
    {"unassigned", &tables::kClassCn},
    {"co", &tables::kClassCo},
    {"privateuse", &tables::kClassCo},
    {"mc", &tables::kClassMc},
    {"spacingmark", &tables::kClassMc},
    {"me", &tables::kClassMe},
    {"enclosingmark", &tables::kClassMe},
    {"mn", &tables::kClassMn},
    {"nonspacingmark", &tables::kClassMn},
    {"nl", &tables::kClassNl},
    {"letternumber", &tables::kClassNl},
    {"no", &tables::kClassNo},
    {"othernumber", &tables::kClassNo},
    {"pc", &tables::kClassPc},
    {"connectorpunctuation", &tables::kClassPc},
    {"pd", &tables::kClassPd},
    {"dashpunctuation", &tables::kClassPd},
    {"pe", &tables::kClassPe},
    {"closepunctuation", &tables::kClassPe},
    {"pf", &tables::kClassPf},
    {"finalpunctuation", &tables::kClassPf},
    {"pi", &tables::kClassPi},
    {"initialpunctuation", &tables::kClassPi},
    {"po", &tables::kClassPo},
    {"otherpunctuation", &tables::kClassPo},
    {"ps", &tables::kClassPs},
    {"openpunctuation", &tables::kClassPs},
    {"sc", &tables::kClassSc},
    {"currencysymbol", &tables::kClassSc},
    {"sk", &tables::kClassSk},
    {"modifiersymbol", &tables::kClassSk},
    {"sm", &tables::kClassSm},
    {"mathsymbol", &tables::kClassSm},
    {"so", &tables::kClassSo},
    {"othersymbol", &tables::kClassSo},
    {"zl", &tables::kClassZl},
    {"lineseparator", &tables::kClassZl},
    {"zp", &tables::kClassZp},
    {"paragraphseparator", &tables::kClassZp},
    {"zs", &tables::kClassZs},
    {"spaceseparator", &tables::kClassZs},
    {"alphabetic", &tables::kClassAlphabetic},
    {"uppercase", &tables::kClassUppercase},
    {"lowercase", &tables::kClassLowercase},
    {"emoji", &tables::kClassEmoji},
    {"hiragana", &tables::kClassHiragana},
    {"katakana", &tables::kClassKatakana},
    {"hangul", &tables::kClassHangul},
    {"latin", &tables::kClassLatin},
    {"greek", &tables::kClassGreek},
    {"cyrillic", &tables::kClassCyrillic},
    {"arabic", &tables::kClassArabic},
    {"hebrew", &tables::kClassHebrew},
    {"thai", &tables::kClassThai},
    {"devanagari", &tables::kClassDevanagari},
    // POSIX brackets; \p{...} knows them too, but for punct, which is the category there.
    {"alnum", &tables::kClassPosixAlnum},
    {"alpha", &tables::kClassAlphabetic},
    {"blank", &tables::kClassPosixBlank},
    {"cntrl", &tables::kClassCc},
    {"graph", &tables::kClassPosixGraph},
    {"lower", &tables::kClassLowercase},
    {"print", &tables::kClassPosixPrint},
    {"punct", &tables::kClassPosixPunct},
    {"upper", &tables::kClassUppercase},
};

}  // namespace

std::optional<std::span<const tables::Range>> ranges_of_property(std::string_view name) {
  const std::string wanted = loose_name(name);
  for (const Property& property : kProperties) {
    if (wanted == property.name) return *property.ranges;
  }
  return std::nullopt;
}

}  // namespace hfauth::tokenizer::unicode
