// SPDX-License-Identifier: Apache-2.0
//
// A tokenizer.json is a download: any bytes are a tokenizer or an error. What loads encodes without
// fault, its two ways of encoding agree, and every id that it gives for the text has a spelling.
// (The ids of template and padding are taken from the file as they are, as the reference does.)
#include "hfauth/tokenizer/tokenizer.hpp"
#include "property.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

using hfauth::fuzzing::require;
namespace tokenizer = hfauth::tokenizer;

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto loaded = tokenizer::Tokenizer::from_json({reinterpret_cast<const char*>(data), size});
  if (!loaded) return 0;
  for (const std::string_view text :
       {"", "I am studying tokenization", " \n\t12345 caf\xc3\xa9 \xed\x95\x9c<|end|>"}) {
    const auto encoding = loaded->encode(text);
    std::vector<tokenizer::TokenId> ids;
    const auto fast = loaded->encode_ids(text, ids);
    require(encoding.has_value() == fast.has_value(), "both ways of encoding succeed or fail");
    if (!encoding) continue;
    require(encoding->ids == ids, "both ways of encoding give the same ids");
    for (std::size_t i = 0; i < ids.size(); ++i) {
      require(encoding->special_tokens_mask[i] != 0 || loaded->id_to_token(ids[i]).has_value(),
              "every id of the text has a spelling");
    }
    static_cast<void>(loaded->decode(ids));
    const auto normalized = loaded->normalize(text);
    const auto pieces = loaded->pre_tokenize(text);
    if (!pieces) continue;
    for (const tokenizer::PreToken& piece : *pieces) {
      require(piece.range.begin <= piece.range.end, "a piece begins before it ends");
    }
    if (normalized) static_cast<void>(loaded->encode_pair(*normalized, text));
  }
  return 0;
}
