// SPDX-License-Identifier: Apache-2.0
//
// usage: tokenizer_ids_check TOKENIZER_JSON [--random N] [TEXT_FILE...]
// Holds the ids-only way of a tokenizer to the ids of its full encodings: on random texts, on each
// line of the files and on stretches of many lines. Prints the first text that differs; exit status
// 1 then.
#include "hfauth/tokenizer/tokenizer.hpp"
#include "unicode/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

using hfauth::tokenizer::EncodeScratch;
using hfauth::tokenizer::TokenId;
using hfauth::tokenizer::Tokenizer;
namespace unicode = hfauth::tokenizer::unicode;

class Check {
 public:
  explicit Check(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}

  /// False, with the text on standard error, if the two ways differ.
  bool agrees(std::string_view text) {
    ++n_checked_;
    const auto encoding = tokenizer_.encode(text);
    std::vector<TokenId> kept;
    std::vector<TokenId> fresh;
    const bool done = tokenizer_.encode_ids(text, kept, scratch_).has_value();
    const bool done_afresh = tokenizer_.encode_ids(text, fresh).has_value();
    const bool same = encoding ? done && done_afresh && kept == encoding->ids && fresh == kept
                               : !done && !done_afresh;
    if (same) return true;
    fmt::print(stderr, "differs: {}\n", text);
    if (encoding) {
      fmt::print(stderr, "encode     {}\nencode_ids {}\n", fmt::join(encoding->ids, " "),
                 fmt::join(kept, " "));
    }
    return false;
  }

  [[nodiscard]] std::size_t n_checked() const { return n_checked_; }

 private:
  const Tokenizer& tokenizer_;
  EncodeScratch scratch_;
  std::size_t n_checked_ = 0;
};

std::string random_text(std::mt19937& random) {
  static const std::u32string kCommon =
      U"   \n\r\t'!.,019abzAZsStTéñÅ¼²\u00A0\u2003\u3000\u0085한국字漢ßſ😀\u0301\u0323\u200D\u200B"
      U"▁▁<>/#ー・゛カが\u1100\u1161\u11A8\u0600\u302E\uFB01İΣς";
  static const std::vector<std::string> kWords = {
      " the",   "Hello", " world", "</s>",          "<s>",    "[CLS]", " 12345",        "  ",
      "\n\n",   "ing",   "\r\n",   " tokenization", "한국어", "中文",  "<|endoftext|>", "▁a",
      " <unk>", "don't", "I'LL"};
  std::string text;
  for (std::size_t left = 1 + random() % 30; left > 0; --left) {
    if (random() % 3 == 0) {
      text += kWords[random() % kWords.size()];
      continue;
    }
    char32_t c = kCommon[random() % kCommon.size()];
    if (random() % 6 == 0) c = static_cast<char32_t>(random() % 0x30000);
    unicode::append(text, c >= 0xD800 && c <= 0xDFFF ? U'x' : c);
  }
  return text;
}

bool check_file(Check& check, const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text =
      unicode::make_valid(std::string(std::istreambuf_iterator<char>(file), {}));
  constexpr std::size_t kStretch = 20000;
  for (std::size_t at = 0, line = 0, stretch = 0; at < text.size();) {
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
    if (!check.agrees(std::string_view(text).substr(line, at - line))) return false;
    line = at;
    if (at - stretch < kStretch && at < text.size()) continue;
    if (!check.agrees(std::string_view(text).substr(stretch, at - stretch))) return false;
    stretch = at;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) {
    fmt::print(stderr, "usage: {} TOKENIZER_JSON [--random N] [TEXT_FILE...]\n", argv[0]);
    return 2;
  }
  const auto tokenizer = Tokenizer::from_file(arguments[0]);
  if (!tokenizer) {
    fmt::print(stderr, "{}\n", tokenizer.error().detail);
    return 2;
  }
  Check check(*tokenizer);
  std::mt19937 random(20260614);
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i] == "--random" && i + 1 < arguments.size()) {
      for (int left = std::stoi(arguments[++i]); left > 0; --left) {
        if (!check.agrees(random_text(random))) return 1;
      }
    } else if (!check_file(check, arguments[i].c_str())) {
      return 1;
    }
  }
  fmt::print("{} texts agree\n", check.n_checked());
  return 0;
}
