// SPDX-License-Identifier: Apache-2.0
//
// `hfauth tokenize --html`: texts with their tokens as one page that needs nothing else: no script,
// no file, no network.
#pragma once

#include "hfauth/tokenizer/encoding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hfauth::cli {

struct TokenizedText {
  std::string name;              ///< a heading; may be empty
  std::string_view text;         ///< UTF-8
  tokenizer::Encoding encoding;  ///< of it, with byte offsets
};

/// The page. Every token shows its spelling, id, places and how often it occurs when it is pointed
/// at.
[[nodiscard]] std::string token_page(const std::vector<TokenizedText>& texts,
                                     std::string_view tokenizer_name);

}  // namespace hfauth::cli
