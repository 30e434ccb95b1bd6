// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target: a tokenizer.json, a zero byte, and a text. Loads, encodes both ways, decodes;
// both ways must agree and offsets must lie in the text.
#include "hfauth/tokenizer/tokenizer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hfauth::tokenizer;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = input.find('\0');
  const auto tokenizer = Tokenizer::from_json(input.substr(0, zero));
  if (!tokenizer) return 0;
  const std::string_view text =
      zero == std::string_view::npos ? "hello <x> world" : input.substr(zero + 1);
  const auto encoding = tokenizer->encode(text);
  std::vector<TokenId> ids;
  EncodeScratch scratch;
  const auto fast = tokenizer->encode_ids(text, ids, scratch);
  if (encoding.has_value() != fast.has_value()) std::abort();
  if (!encoding) return 0;
  if (encoding->ids != ids) std::abort();
  const auto out_of_text = [&](const CodePointRange& range) {
    return range.begin > range.end || range.end > text.size();
  };
  if (std::any_of(encoding->offsets.begin(), encoding->offsets.end(), out_of_text)) std::abort();
  (void)tokenizer->decode(ids, true);
  (void)tokenizer->encode_pair(text, text);
  (void)tokenizer->pre_tokenize(text);
  return 0;
}
