// SPDX-License-Identifier: Apache-2.0
//
// Each hand-written matcher cuts every text as Oniguruma does with the patterns that it stands for.
#include "pre_tokenizers/pattern.hpp"
#include "pre_tokenizers/scanners.hpp"
#include "property.hpp"
#include "unicode/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;

namespace hfauth::tokenizer {

namespace {

using Ends = std::vector<std::size_t>;

struct Known {
  Scanner scanner;
  std::vector<std::unique_ptr<const Pattern>> stages;
};

std::vector<Known> known_scanners() {
  const std::vector<std::vector<std::string_view>> lists = {
      {kGpt2Pattern},
      {kCl100kPattern},
      {kQwen2Pattern},
      {kQwen35Pattern},
      {kO200kPattern},
      {kTekkenPattern},
      {std::begin(kDeepSeekPatterns), std::end(kDeepSeekPatterns)}};
  std::vector<Known> known;
  for (const auto& patterns : lists) {
    known.push_back({scanner_for(patterns).value(), {}});
    for (const std::string_view pattern : patterns)
      known.back().stages.push_back(oniguruma_pattern(pattern).value());
  }
  return known;
}

/// Where the pieces end that the engine makes, stage after stage; nullopt if it gives up.
std::optional<Ends> engine_ends(const Known& known, std::string_view text) {
  Ends ends = {text.size()};
  std::vector<SplitEvent> events;
  for (const auto& stage : known.stages) {
    Ends next;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      if (!stage->find_events(text.substr(begin, end - begin), events)) return std::nullopt;
      for (const SplitEvent& event : events)
        next.push_back(begin + event.range.end);
      begin = end;
    }
    ends = std::move(next);
  }
  return ends;
}

Ends scanner_ends(Scanner scan, std::string_view text) {
  Ends ends;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = scan(text, at);
    require(end > at && end <= text.size(), "a piece is not empty and within the text");
    ends.push_back(end);
    at = end;
  }
  return ends;
}

}  // namespace

}  // namespace hfauth::tokenizer

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hfauth::tokenizer;
  static const std::vector<Known> scanners = known_scanners();
  constexpr std::size_t kLongest = 400;  // longer ones only make the engine slow
  const std::string_view bytes(reinterpret_cast<const char*>(data), std::min(size, kLongest));
  const std::string text = unicode::make_valid(bytes);
  if (text.empty()) return 0;
  for (const Known& known : scanners) {
    const Ends fast = scanner_ends(known.scanner, text);  // a scanner never gives up
    const std::optional<Ends> slow = engine_ends(known, text);
    require(!slow || fast == *slow, "scanner and engine cut at the same places");
  }
  return 0;
}
