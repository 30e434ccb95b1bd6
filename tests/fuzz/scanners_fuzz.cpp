// SPDX-License-Identifier: Apache-2.0
//
// Each hand-written matcher cuts every text as Oniguruma does with the patterns that it stands for.
#include "property.hpp"
#include "tokenizer/known_cuts.hpp"
#include "unicode/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;

namespace hfauth::tokenizer {

namespace {

void check_progress(const Scanner& scan, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = scan(text, at);
    require(end > at && end <= text.size(), "a piece is not empty and within the text");
    at = end;
  }
}

}  // namespace

}  // namespace hfauth::tokenizer

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hfauth::tokenizer;
  static const std::vector<testing::KnownCut> cuts = testing::known_cuts();
  constexpr std::size_t kLongest = 400;  // longer ones only make the engine slow
  const std::string_view bytes(reinterpret_cast<const char*>(data), std::min(size, kLongest));
  const std::string text = unicode::make_valid(bytes);
  if (text.empty()) return 0;
  for (const testing::KnownCut& cut : cuts) {
    check_progress(cut.scanner, text);
    const auto fast = testing::pieces_of(cut.by_scanner, text);  // a scanner never gives up
    const auto slow = testing::pieces_of(cut.by_engine, text);
    require(!slow || fast == slow, "scanner and engine cut at the same places");
  }
  return 0;
}
