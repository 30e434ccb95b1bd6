// SPDX-License-Identifier: Apache-2.0
//
// The hand-written matchers of known patterns against Oniguruma, the engine that the reference
// uses: on any text they cut at the same places.
#include "hfauth/tokenizer/text.hpp"
#include "pre_tokenizers/pattern.hpp"
#include "property.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;
namespace tokenizer = hfauth::tokenizer;

namespace {

constexpr std::array<std::string_view, 7> kPatterns = {
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"(\p{N}{1,3})"};

struct Pair {
  std::unique_ptr<const tokenizer::Pattern> fast;
  std::unique_ptr<const tokenizer::Pattern> slow;
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Pair> kPairs = [] {
    std::vector<Pair> pairs;
    for (const std::string_view pattern : kPatterns) {
      auto fast = tokenizer::regex_pattern(pattern);
      auto slow = tokenizer::oniguruma_pattern(pattern);
      require(fast.has_value() && slow.has_value(), "the patterns compile");
      pairs.push_back({std::move(*fast), std::move(*slow)});
    }
    return pairs;
  }();
  const std::string text =
      tokenizer::with_replacements({reinterpret_cast<const char*>(data), size});
  if (text.empty()) return 0;
  std::vector<tokenizer::SplitEvent> fast;
  std::vector<tokenizer::SplitEvent> slow;
  for (const Pair& pair : kPairs) {
    if (!pair.slow->find_events(text, slow)) continue;  // gave up on this text
    require(pair.fast->find_events(text, fast).has_value(), "a matcher never gives up");
    require(fast.size() == slow.size(), "both find as many pieces");
    for (std::size_t i = 0; i < fast.size(); ++i) {
      require(fast[i].range == slow[i].range && fast[i].is_match == slow[i].is_match,
              "both cut at the same places");
    }
  }
  return 0;
}
