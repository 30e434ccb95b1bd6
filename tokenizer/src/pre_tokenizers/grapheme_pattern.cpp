// SPDX-License-Identifier: Apache-2.0
//
// The regular expression of UAX 29, table 1c, over explicit ranges.
#include "pre_tokenizers/grapheme_pattern.hpp"

#include "unicode/unicode_tables.hpp"

#include <fmt/format.h>

#include <iterator>
#include <span>

namespace hfauth::tokenizer {

namespace {

namespace tables = unicode::tables;

std::string set_of(std::span<const tables::Range> ranges, bool negated = false) {
  std::string set = negated ? "[^" : "[";
  for (const auto [first, last] : ranges) {
    fmt::format_to(std::back_inserter(set), "\\x{{{:x}}}-\\x{{{:x}}}", static_cast<unsigned>(first),
                   static_cast<unsigned>(last));
  }
  return set + "]";
}

/// The Hangul syllables without a final consonant: every 28th.
std::string open_syllables() {
  std::string set = "[";
  for (unsigned c = 0xAC00; c <= 0xD7A3; c += 28)
    fmt::format_to(std::back_inserter(set), "\\x{{{:x}}}", c);
  return set + "]";
}

std::string make_pattern() {
  const std::string leading = R"([\x{1100}-\x{115f}\x{a960}-\x{a97c}])";
  const std::string vowel = R"([\x{1160}-\x{11a7}\x{d7b0}-\x{d7c6}])";
  const std::string trailing = R"([\x{11a8}-\x{11ff}\x{d7cb}-\x{d7fb}])";
  const std::string hangul =
      fmt::format("{0}*(?:{1}+|{3}{1}*|[\\x{{ac00}}-\\x{{d7a3}}]){2}*|{0}+|{2}+", leading, vowel,
                  trailing, open_syllables());
  const std::string extend = set_of(tables::kClassXExtend);
  const std::string pictograph = set_of(tables::kClassXPictographic);
  const std::string core =
      fmt::format("(?:[\\x{{1f1e6}}-\\x{{1f1ff}}]{{2}}|{0}|{1}(?:{2}*\\x{{200d}}{1})*|{3})", hangul,
                  pictograph, extend, set_of(tables::kClassXControl, true));
  return fmt::format("(?-i:(?>\\r\\n|{0}|{1}*{2}{3}*))", set_of(tables::kClassXControl),
                     set_of(tables::kClassXPrepend), core, extend);
}

}  // namespace

const std::string& grapheme_cluster_pattern() {
  static const std::string kPattern = make_pattern();
  return kPattern;
}

}  // namespace hfauth::tokenizer
