// SPDX-License-Identifier: Apache-2.0
//
// Any text through any two normalizers, one after the other: with places and without them they give
// the same text, what they give is UTF-8, every byte of it came from whole characters of the
// original, and the Unicode forms do what the standard says of them (UAX #15, 1.1). The first byte
// chooses the one, the second byte the other.
#include "hfauth/tokenizer/text.hpp"
#include "normalizers/normalizer.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "property.hpp"
#include "tokenizer/small_charsmap.hpp"
#include "unicode/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;

namespace hfauth::tokenizer {

namespace {

/// The Unicode forms come first, in the order of UnicodeForm.
std::vector<NormalizerHandle> all_normalizers() {
  std::vector<NormalizerHandle> all;
  for (const UnicodeForm form :
       {UnicodeForm::nfc, UnicodeForm::nfd, UnicodeForm::nfkc, UnicodeForm::nfkd})
    all.push_back(unicode_form_normalizer(form));
  all.push_back(lowercase_normalizer());
  all.push_back(strip_normalizer(true, true));
  all.push_back(strip_normalizer(false, true));
  all.push_back(strip_accents_normalizer());
  all.push_back(nmt_normalizer());
  all.push_back(byte_level_normalizer());
  all.push_back(prepend_normalizer("\u2581"));
  all.push_back(replace_normalizer(literal_pattern(" "), "\u2581"));
  all.push_back(replace_normalizer(regex_pattern(R"(\s+|(?<=[a-c])\d)").value(), "\u00e9 "));
  all.push_back(replace_normalizer(regex_pattern("").value(), "-"));
  all.push_back(bert_normalizer({}));
  all.push_back(bert_normalizer({.handle_chinese_chars = false, .lowercase = false}));
  all.push_back(precompiled_normalizer(small_charsmap()).value());
  all.push_back(sentence_piece_normalizer({}).value());
  all.push_back(sentence_piece_normalizer({.charsmap = small_charsmap(),
                                           .user_defined = {"ab", "\u2581\u2581"},
                                           .treat_whitespace_as_suffix = true})
                    .value());
  return all;
}

bool begins_character(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
}

void check_places(NormalizedText& normalized, std::string_view text) {
  PieceList home;
  const Piece piece = normalized.release(home);
  for (std::uint32_t i = 0; i < piece.text.size(); ++i) {
    const ByteRange place = piece.original_range(i, i + 1);
    require(place.begin <= place.end && place.end <= text.size(), "a place lies in the text");
    require(begins_character(text, place.begin) && begins_character(text, place.end),
            "a place is of whole characters");
  }
}

/// What `normalizer` makes of the text without places; it gives up on what would grow too long.
std::string rewritten(const Normalizer& normalizer, std::string_view text) {
  std::string home;
  const Result<std::string_view> made = normalizer.rewrite(text, home);
  return made ? std::string(*made) : std::string();
}

void check_forms(const std::vector<NormalizerHandle>& all, std::string_view text) {
  const auto form = [&all](UnicodeForm which, std::string_view of) {
    return rewritten(*all[static_cast<std::size_t>(which)], of);
  };
  const std::string nfc = form(UnicodeForm::nfc, text);
  const std::string nfd = form(UnicodeForm::nfd, text);
  const std::string nfkc = form(UnicodeForm::nfkc, text);
  const std::string nfkd = form(UnicodeForm::nfkd, text);
  require(form(UnicodeForm::nfc, nfc) == nfc && form(UnicodeForm::nfc, nfd) == nfc,
          "NFC of NFC and of NFD is NFC");
  require(form(UnicodeForm::nfd, nfd) == nfd && form(UnicodeForm::nfd, nfc) == nfd,
          "NFD of NFD and of NFC is NFD");
  require(form(UnicodeForm::nfkc, nfkc) == nfkc && form(UnicodeForm::nfkc, nfkd) == nfkc &&
              form(UnicodeForm::nfkc, nfc) == nfkc,
          "NFKC of NFKC, NFKD and NFC is NFKC");
  require(form(UnicodeForm::nfkd, nfkd) == nfkd && form(UnicodeForm::nfkd, nfkc) == nfkd &&
              form(UnicodeForm::nfkd, nfd) == nfkd,
          "NFKD of NFKD, NFKC and NFD is NFKD");
}

}  // namespace

}  // namespace hfauth::tokenizer

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hfauth::tokenizer;
  static const std::vector<NormalizerHandle> all = all_normalizers();
  constexpr std::size_t kChoice = 2;
  constexpr std::size_t kLongest = 2000;  // longer ones only take longer
  if (size < kChoice) return 0;
  const Normalizer& first = *all[data[0] % all.size()];
  const Normalizer& second = *all[data[1] % all.size()];
  const std::string text = with_replacements(
      {reinterpret_cast<const char*>(data) + kChoice, std::min(size - kChoice, kLongest)});

  NormalizedText normalized(text);
  const bool is_done = first.apply(normalized).has_value();
  std::string home;
  const auto once = first.rewrite(text, home);
  require(is_done == once.has_value(), "with places and without, both succeed or fail");
  if (!is_done) return 0;
  require(normalized.text() == *once, "with places and without, the text is the same");
  require(!unicode::first_invalid(*once), "a normalized text is UTF-8");

  const std::string between(*once);
  if (!second.apply(normalized)) return 0;
  require(normalized.text() == rewritten(second, between), "the second one sees the first's text");
  check_places(normalized, text);
  check_forms(all, text);
  return 0;
}
